/** What the RPC functions of the console answer. */
import { z } from "zod";

const at = z.string();
const text = z.string();

export const ListedConversation = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  channel: text,
  status: text,
  handler: text,
  lastSeq: z.int(),
  waitingSince: at.nullable(),
  hasDeadTurn: z.boolean(),
  address: text,
  name: text.nullable(),
  lastMessage: z.object({ direction: text, createdAt: at, text }).nullable(),
});
export type ListedConversation = z.infer<typeof ListedConversation>;

export const ConversationPage = z.object({
  conversations: z.array(ListedConversation),
  after: text.nullable(),
});
export type ConversationPage = z.infer<typeof ConversationPage>;

export const ListedTurn = z.object({
  id: z.uuid(),
  state: text,
  attempt: z.int(),
  failureCount: z.int(),
  silentReason: text.nullable(),
  lastErrorCode: text.nullable(),
  createdAt: at,
  finishedAt: at.nullable(),
  dueAt: at.nullable(),
  row: text,
});
export type ListedTurn = z.infer<typeof ListedTurn>;

export const ListedMessage = z.object({
  id: z.uuid(),
  seq: z.int(),
  turnId: z.uuid().nullable(),
  direction: text,
  kind: text.nullable(),
  text,
  sendState: text.nullable(),
  deliveryStatus: text.nullable(),
  errorCode: text.nullable(),
  erasedAt: at.nullable(),
  createdAt: at,
  handedOverAt: at.nullable(),
  providerMessageId: text.nullable(),
  media: z.array(
    z.object({ contentType: text, state: text, byteSize: z.int().nullable() }),
  ),
  row: text,
});
export type ListedMessage = z.infer<typeof ListedMessage>;

export const MessagePage = z.object({
  messages: z.array(ListedMessage),
  turns: z.array(ListedTurn),
  beforeSeq: z.int().nullable(),
});
export type MessagePage = z.infer<typeof MessagePage>;

export const AuditEvent = z.object({
  id: z.int(),
  messageId: z.uuid().nullable(),
  eventType: text,
  actorType: text,
  success: z.boolean(),
  errorCode: text.nullable(),
  createdAt: at,
  turnId: text.nullable(),
  facts: text,
  row: text,
});
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditPage = z.object({
  events: z.array(AuditEvent),
  beforeId: z.int().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;

export const Conversation = ListedConversation.extend({
  outcome: z.literal("found"),
  optedOutAt: at.nullable(),
  erasedAt: at.nullable(),
  lastInboundAt: at.nullable(),
  createdAt: at,
  openTurns: z.array(ListedTurn),
  deadTurns: z.array(ListedTurn),
  row: text,
});
export type Conversation = z.infer<typeof Conversation>;

export const JourneyRecord = z.object({
  outcome: z.literal("found"),
  conversationId: z.uuid(),
  message: ListedMessage,
  turn: ListedTurn.nullable(),
  replies: z.array(ListedMessage),
  events: z.array(AuditEvent),
});
export type JourneyRecord = z.infer<typeof JourneyRecord>;

export const Minute = z.object({
  minute: at,
  inbound: z.int(),
  handedOver: z.int(),
  uncertain: z.int(),
  refused: z.int(),
  answered: z.int(),
  silent: z.int(),
  failed: z.int(),
  dead: z.int(),
  waitedP50Ms: z.number().nullable(),
  waitedP99Ms: z.number().nullable(),
});
export type Minute = z.infer<typeof Minute>;

export const Alert = z.object({ kind: text, text, raisedAt: at, raisedCount: z.int() });
export type Alert = z.infer<typeof Alert>;

export const ChainState = z.object({
  outcome: z.enum(["intact", "broken", "unfinished"]),
  rowCount: z.int(),
  problems: z.array(z.unknown()),
  resume: text.nullish(),
});
export type ChainState = z.infer<typeof ChainState>;

/** Whatever an act of the operator came to; the words are those of the RPC function. */
export const Outcome = z.looseObject({ outcome: text, reason: text.optional() });
export type Outcome = z.infer<typeof Outcome>;
