/**
 * The database as the functions see it: one method for each SQL function, with the same words. What
 * comes back is checked here, at the edge, and trusted inside.
 */
import * as z from "zod";
import type { IntakeDatabase } from "./intake_database.ts";

/** A file of a message that is in the bucket by now. */
export const StoredMedia = z.object({
  contentType: z.string(),
  storagePath: z.string(),
  byteSize: z.int().positive(),
});
export type StoredMedia = z.infer<typeof StoredMedia>;

/** What a message replies to; `seq` is null where that stands in another conversation. */
export const RepliedTo = z.object({
  seq: z.int().positive().nullable(),
  direction: z.enum(["inbound", "outbound"]),
  text: z.string(),
});
export type RepliedTo = z.infer<typeof RepliedTo>;

export const TurnMessage = z.object({
  id: z.uuid(),
  seq: z.int().positive(),
  direction: z.enum(["inbound", "outbound"]),
  kind: z.string(),
  text: z.string(),
  mediaTypes: z.array(z.string()),
  storedMedia: z.array(StoredMedia),
  /** What it says beside its text: `latitude`, `payload`, `forwarded`, … */
  details: z.record(z.string(), z.string()).optional(),
  repliedTo: RepliedTo.nullish(),
  createdAt: z.string(),
  /** Of the customer's conversation before this one. */
  previous: z.boolean().optional(),
});
export type TurnMessage = z.infer<typeof TurnMessage>;

const milliseconds = z.number().nonnegative();

export const ClaimedTurn = z.object({
  outcome: z.literal("claimed"),
  turnId: z.uuid(),
  attempt: z.int().positive(),
  /** Whether a failure of this attempt is the turn's death. */
  isLastAttempt: z.boolean(),
  /** Whether today's budgets leave something for the model. */
  mayUseModel: z.boolean(),
  leaseMs: milliseconds,
  channel: z.string(),
  provider: z.string(),
  customerAddress: z.string(),
  businessAddress: z.string(),
  customerName: z.string().nullable(),
  /** What was said before the history; null when the history is all. */
  summary: z.string().nullable(),
  messages: z.array(TurnMessage),
  history: z.array(TurnMessage),
});
export type ClaimedTurn = z.infer<typeof ClaimedTurn>;

export const TurnClaim = z.discriminatedUnion("outcome", [
  ClaimedTurn,
  z.object({ outcome: z.literal("not_due"), dueInMs: milliseconds }),
  z.object({ outcome: z.enum(["nothing_pending", "busy", "human_handles"]) }),
]);
export type TurnClaim = z.infer<typeof TurnClaim>;

export const TurnCompletion = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.enum(["answered", "silent"]), messageIds: z.array(z.uuid()) }),
  z.object({ outcome: z.literal("lease_lost") }),
]);
export type TurnCompletion = z.infer<typeof TurnCompletion>;

export const TurnFailure = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("retrying"), dueInMs: milliseconds }),
  z.object({ outcome: z.enum(["dead", "lease_lost", "already_answered"]) }),
]);
export type TurnFailure = z.infer<typeof TurnFailure>;

/** What leaves instead of a text outside WhatsApp's 24 h; the variables are JSON. */
export const SendTemplate = z.object({ contentSid: z.string(), contentVariables: z.string() });
export type SendTemplate = z.infer<typeof SendTemplate>;

export const ClaimedSend = z.object({
  outcome: z.literal("claimed"),
  messageId: z.uuid(),
  attempt: z.int().positive(),
  leaseMs: milliseconds,
  fromAddress: z.string(),
  toAddress: z.string(),
  bodyText: z.string(),
  template: SendTemplate.nullable(),
});
export type ClaimedSend = z.infer<typeof ClaimedSend>;

export const SendClaim = z.discriminatedUnion("outcome", [
  ClaimedSend,
  z.object({ outcome: z.literal("not_due"), dueInMs: milliseconds }),
  z.object({ outcome: z.enum(["nothing_ready", "busy", "uncertain"]) }),
]);
export type SendClaim = z.infer<typeof SendClaim>;

/** How a send ended. Error codes are Twilio's, or ours where Twilio gave none. */
export type SendOutcome =
  | { outcome: "handed_over"; providerMessageId: string; deliveryStatus: string }
  | { outcome: "refused" | "postponed" | "uncertain"; errorCode: string; errorMessage: string };

export const RecordedSend = z.object({
  outcome: z.enum(["recorded", "already_recorded", "lease_lost", "doubled"]),
});
export type RecordedSend = z.infer<typeof RecordedSend>;

/** Sends in doubt, and the database's time from which a reading of Twilio's list counts. */
export const UncertainSends = z.object({
  readStartedAt: z.string(),
  messages: z.array(
    z.object({
      messageId: z.uuid(),
      attempt: z.int().positive(),
      toAddress: z.string(),
      claimedAt: z.string(),
    }),
  ),
});
export type UncertainSends = z.infer<typeof UncertainSends>;
export type UncertainSend = UncertainSends["messages"][number];

/** One entry of Twilio's list of messages, as far as settling needs it. */
export interface ListedMessage {
  sid: string;
  body: string;
  status: string;
  dateCreated: string;
}

export const SettledSend = z.object({
  outcome: z.enum(["found", "absent_once", "proven_absent", "too_early", "settled_already"]),
});
export type SettledSend = z.infer<typeof SettledSend>;

export const Health = z.object({
  status: z.enum(["ok", "failing"]),
  reasons: z.array(z.object({ kind: z.string(), text: z.string() })),
});
export type Health = z.infer<typeof Health>;

/** `label` is the value of the metric's one label, or a histogram's upper bound in seconds. */
export const Metric = z.object({ name: z.string(), label: z.string(), value: z.number() });
export type Metric = z.infer<typeof Metric>;

export const Dispatched = z.object({
  outcome: z.enum(["dispatched", "failed", "nothing_pending"]),
});
export type Dispatched = z.infer<typeof Dispatched>;

/**
 * What ends a turn: the parts of a reply, in order, or the reason for silence. With a reason to hand
 * over, a person answers from now on; the reply is then what the customer is told, and may be empty.
 */
export type TurnEnd = { reply: string[]; handOverReason?: string } | { silentReason: string };

/** What one attempt at a turn took; it is stored together with how the attempt ended. */
export interface TurnWork {
  /** Who answered, or failed last. */
  agent: string;
  /** Who failed before, and left the turn to the next. */
  failures: { agent: string; code: string }[];
  inputTokens: number;
  outputTokens: number;
  /** Millionths of the currency that prices are given in. */
  costMicros: number;
  toolCallCount: number;
  /** What was said up to and with the message `upToSeq`, for later turns. */
  summary: { text: string; upToSeq: number } | null;
}

/** Every method may throw a `DatabaseError`. */
export interface Database extends IntakeDatabase {
  claimTurn(conversationId: string): Promise<TurnClaim>;
  completeTurn(
    turnId: string,
    attempt: number,
    end: TurnEnd,
    work?: TurnWork,
  ): Promise<TurnCompletion>;
  failTurn(
    turnId: string,
    attempt: number,
    failure: { errorCode: string; errorMessage: string; isFinal: boolean },
    work?: TurnWork,
  ): Promise<TurnFailure>;
  claimSend(conversationId: string): Promise<SendClaim>;
  recordSend(messageId: string, attempt: number, end: SendOutcome): Promise<RecordedSend>;
  dispatchConversation(conversationId: string): Promise<Dispatched>;
  listUncertainSends(): Promise<UncertainSends>;
  settleSend(
    send: UncertainSend,
    readStartedAt: string,
    listed: ListedMessage[],
  ): Promise<SettledSend>;
  getHealth(): Promise<Health>;
  getMetrics(): Promise<Metric[]>;
}
