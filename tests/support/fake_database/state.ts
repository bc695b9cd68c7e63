/** The rows of the in-memory database, in TypeScript's spelling of the SQL columns. */
/** The columns of cc_settings that the functions depend on, with the same defaults. */
export interface FakeSettings {
  debounceMs: number;
  debounceMaxMs: number;
  leaseSeconds: number;
  sendLeaseSeconds: number;
  maxFailures: number;
  backoffBaseMs: number;
  backoffMaxMs: number;
  maxSendAttempts: number;
  settleGraceSeconds: number;
  historyMessages: number;
  fallbackText: string;
  handOverText: string | null;
  handOverDeadTurns: boolean;
  customerBurstMessages: number;
  customerMessagesPerMinute: number;
  rateLimitNoticeText: string | null;
  rateLimitNoticeMinutes: number;
  turnsPerMinute: number;
  customerTokensPerDay: number | null;
  tokensPerDay: number | null;
  unansweredAlertMinutes: number;
  uncertainAlertMinutes: number;
  optOutKeywords: string[];
  optInKeywords: string[];
  optOutText: string | null;
  optInText: string | null;
  outsideWindowContentSid: string | null;
  outsideWindowContentVariables: Record<string, string>;
}

export interface Customer {
  id: string;
  name: string | null;
  isOptedOut: boolean;
  optedInAt: number | null;
  /** The number of their last STOP or START among all: time may stand still. 0 is none. */
  lastWord: number;
  /** The rate limit's bucket as it was at `remainingMessagesAt`; null is a full one. */
  remainingMessages: number | null;
  remainingMessagesAt: number;
  rateLimitNotifiedAt: number | null;
  /** The model's tokens that went into answering this person. */
  tokensUsed?: number;
  /** The customer that this one turned out to be. */
  mergedInto: string | null;
}

export interface Conversation {
  id: string;
  customerId: string;
  channel: string;
  status: "active" | "closed";
  customerAddress: string;
  businessAddress: string;
  handler: "agent" | "human";
  lastInboundAt: number;
  summary?: { text: string; upToSeq: number } | null;
  lastSeq: number;
}

export interface Turn {
  id: string;
  conversationId: string;
  state: "pending" | "running" | "retrying" | "answered" | "silent" | "dead";
  attempt: number;
  failureCount: number;
  /** null: due at once, or never while a person handles the conversation. Milliseconds. */
  dueAt: number | null;
  leaseUntil: number | null;
  /** Whether the ring for it was heard: if not, the next message rings again. */
  isDispatched: boolean;
  claimedAt: number | null;
  createdAt: number;
}

export interface Message {
  id: string;
  conversationId: string;
  seq: number;
  /** null: no turn wrote it, as a notice. */
  turnId: string | null;
  direction: "inbound" | "outbound";
  providerMessageId: string | null;
  fromAddress: string;
  toAddress: string;
  bodyText: string;
  kind: string;
  mediaTypes: string[];
  /** What an agent is told beside the text. */
  details: Record<string, string>;
  repliedToMessageId: string | null;
  signature: string | null;
  sendState: "ready" | "sending" | "handed_over" | "refused" | "uncertain" | null;
  sendAttempt: number;
  sendDueAt: number | null;
  sendClaimedAt: number | null;
  sendLeaseUntil: number | null;
  /** When a first complete reading of Twilio's list had ended without it. */
  absentSince: number | null;
  /** The template with which the newest attempt is sent instead of the text. */
  contentSid: string | null;
  deliveryStatus: string | null;
  errorCode: string | null;
  createdAt: number;
  /** The customer was told once that its turn has died. */
  hasFallback: boolean;
}

export interface RejectedWebhook {
  id: string;
  reason: string;
  parameters: unknown;
  signature: string;
  createdAt: number;
}

export interface State {
  /** The one clock, in milliseconds since 1970. */
  now: () => number;
  settings: FakeSettings;
  /** From the eldest to the youngest. */
  customers: Customer[];
  /** By channel and address. */
  customerIds: Map<string, string>;
  conversations: Conversation[];
  turns: Turn[];
  messages: Message[];
  rejected: RejectedWebhook[];
  /** Of every webhook that had its effect. */
  signatures: Set<string>;
  /** The MessageSids of the probes that came through. */
  probes: Set<string>;
  /** How often the orchestrator was rung; while `canDispatch` is false nobody hears it. */
  dispatches: string[];
  canDispatch: boolean;
}

/** An empty database with the default settings. */
export function emptyState(now: () => number): State {
  return {
    now,
    settings: {
      debounceMs: 1000,
      debounceMaxMs: 5000,
      leaseSeconds: 60,
      sendLeaseSeconds: 30,
      maxFailures: 5,
      backoffBaseMs: 2000,
      backoffMaxMs: 300_000,
      maxSendAttempts: 10,
      settleGraceSeconds: 60,
      historyMessages: 20,
      fallbackText:
        "Sorry, we could not answer your message just now. A person will get back to you.",
      ...{ handOverText: "A colleague will answer you here.", handOverDeadTurns: true },
      customerBurstMessages: 20,
      customerMessagesPerMinute: 20,
      rateLimitNoticeText: "We have received your messages and will answer them in a moment.",
      rateLimitNoticeMinutes: 10,
      turnsPerMinute: 600,
      ...{ customerTokensPerDay: 500_000, tokensPerDay: 50_000_000 },
      unansweredAlertMinutes: 5,
      uncertainAlertMinutes: 15,
      ...{ optOutKeywords: ["stop", "arrêt"], optInKeywords: ["start"] },
      optOutText: "You will get no more messages from us. Write START to hear from us again.",
      optInText: "Welcome back: you will get our messages again.",
      ...{ outsideWindowContentSid: null, outsideWindowContentVariables: {} },
    },
    customers: [],
    customerIds: new Map(),
    conversations: [],
    turns: [],
    messages: [],
    rejected: [],
    signatures: new Set(),
    probes: new Set(),
    dispatches: [],
    canDispatch: true,
  };
}
