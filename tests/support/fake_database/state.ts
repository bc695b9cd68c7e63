/** The rows of the in-memory database, in TypeScript's spelling of the SQL columns. */
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";

/** The columns of cc_settings that the functions depend on, with the same defaults. */
export interface FakeSettings {
  debounceMs: number;
  debounceMaxMs: number;
  leaseSeconds: number;
  sendLeaseSeconds: number;
  maxFailures: number;
  backoffBaseMs: number;
  backoffMaxMs: number;
  historyMessages: number;
  fallbackText: string;
}

export interface Customer {
  id: string;
  name: string | null;
  isOptedOut: boolean;
}

export interface Conversation {
  id: string;
  customerId: string;
  channel: string;
  customerAddress: string;
  businessAddress: string;
  handler: "agent" | "human";
  lastInboundAt: number;
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
  createdAt: number;
}

export interface Message {
  id: string;
  conversationId: string;
  seq: number;
  turnId: string;
  direction: "inbound" | "outbound";
  providerMessageId: string | null;
  fromAddress: string;
  toAddress: string;
  bodyText: string;
  kind: string;
  mediaTypes: string[];
  signature: string | null;
  sendState: "ready" | "sending" | "handed_over" | "refused" | "uncertain" | null;
  sendAttempt: number;
  sendDueAt: number | null;
  sendLeaseUntil: number | null;
  errorCode: string | null;
  createdAt: number;
}

export interface RejectedWebhook {
  id: string;
  reason: string;
  parameters: unknown;
  signature: string;
}

export interface State {
  /** The one clock, in milliseconds since 1970. */
  now: () => number;
  settings: FakeSettings;
  customers: Customer[];
  /** By channel and address. */
  customerIds: Map<string, string>;
  conversations: Conversation[];
  turns: Turn[];
  messages: Message[];
  rejected: RejectedWebhook[];
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
      historyMessages: 20,
      fallbackText:
        "Sorry, we could not answer your message just now. A person will get back to you.",
    },
    customers: [],
    customerIds: new Map(),
    conversations: [],
    turns: [],
    messages: [],
    rejected: [],
    dispatches: [],
    canDispatch: true,
  };
}

/** Rings the orchestrator; whether it could. */
export function dispatch(state: State, conversationId: string): boolean {
  if (state.canDispatch) state.dispatches.push(conversationId);
  return state.canDispatch;
}

/** How long to wait after so many failures: the middle of what SQL draws by chance. */
export function backoffMs({ settings }: State, failureCount: number): number {
  return Math.min(settings.backoffMaxMs, settings.backoffBaseMs * 2 ** (failureCount - 1));
}

/** The row that must be there, by its id. */
export function rowOf<Row extends { id: string }>(rows: Row[], id: string): Row {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new DatabaseError("find_row", "P0002");
  return row;
}
