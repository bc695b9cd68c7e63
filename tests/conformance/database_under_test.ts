/** What a conformance case needs of an implementation of `Database`, beside the interface itself. */
import assert from "node:assert/strict";
import type {
  ClaimedSend,
  ClaimedTurn,
  Database,
  SendOutcome,
} from "../../supabase/functions/_shared/database.ts";
import type { DeliveryReport } from "../../supabase/functions/_shared/intake_database.ts";
import type { InboundMessage } from "../../supabase/functions/_shared/twilio/inbound_message.ts";
import { inboundMessage, messageSid } from "../support/factories.ts";
import type { PersonsReply } from "../support/fake_database/person.ts";
import type { FakeSettings } from "../support/fake_database/state.ts";

export interface DatabaseUnderTest extends AsyncDisposable {
  database: Database;
  /** Changes columns of cc_settings, by their names in TypeScript's spelling. */
  configure(settings: Partial<FakeSettings>): Promise<void>;
  /** Lets this many milliseconds pass for everything that is stored. */
  passTime(ms: number): Promise<void>;
  setHandler(conversationId: string, handler: "agent" | "human"): Promise<void>;
  /** What a person's tool does; each gives the outcome. */
  handOver(conversationId: string): Promise<string>;
  handBack(conversationId: string): Promise<string>;
  close(conversationId: string): Promise<string>;
  /** Throws a `DatabaseError`. */
  sendReply(conversationId: string, reply: PersonsReply): Promise<string>;
  optOut(conversationId: string): Promise<void>;
  /** Whether the orchestrator can be rung. It cannot until this says so. */
  setDispatch(canDispatch: boolean): Promise<void>;
  read(conversationId: string): Promise<StoredConversation>;
}

export interface StoredConversation {
  /** By seq. */
  messages: {
    seq: number;
    direction: string;
    kind: string;
    text: string;
    turnId: string | null;
    sendState: string | null;
    deliveryStatus: string | null;
    errorCode: string | null;
  }[];
  /** From the oldest to the newest. */
  turns: { id: string; state: string; attempt: number; failureCount: number }[];
  /** How often the orchestrator was rung for it, and could be. */
  rings: number;
}

export interface ConformanceCase {
  name: string;
  run(subject: DatabaseUnderTest): Promise<void>;
}

/** Stores a message under a signature of its own and gives back what the database said. */
export async function ingest(
  { database }: DatabaseUnderTest,
  overrides: Partial<InboundMessage> = {},
): Promise<{ conversationId: string; messageId: string; isNewMessage: boolean }> {
  const message = inboundMessage(overrides);
  return await database.ingestInboundMessage(message, `signature of ${message.providerMessageId}`);
}

/** The turn that must be claimable now. */
export async function claimed(
  { database }: DatabaseUnderTest,
  conversationId: string,
): Promise<ClaimedTurn> {
  const claim = await database.claimTurn(conversationId);
  assert.equal(claim.outcome, "claimed");
  return claim as ClaimedTurn;
}

/** The send that must be claimable now. */
export async function claimedSend(
  { database }: DatabaseUnderTest,
  conversationId: string,
): Promise<ClaimedSend> {
  const claim = await database.claimSend(conversationId);
  assert.equal(claim.outcome, "claimed");
  return claim as ClaimedSend;
}

/** A conversation whose first turn has this reply, not yet sent. */
export async function answeredWith(
  subject: DatabaseUnderTest,
  reply: string[],
): Promise<{ conversationId: string; turnId: string; messageIds: string[] }> {
  await subject.configure({ debounceMs: 0 });
  const { conversationId } = await ingest(subject);
  const { turnId, attempt } = await claimed(subject, conversationId);
  const completion = await subject.database.completeTurn(turnId, attempt, { reply });
  assert.equal(completion.outcome, "answered");
  return {
    conversationId,
    turnId,
    messageIds: (completion as { messageIds: string[] }).messageIds,
  };
}

/** A conversation with this reply, of whose first part nobody knows whether Twilio took it. */
export async function doubtedSend(
  subject: DatabaseUnderTest,
  reply: string[],
): Promise<{ conversationId: string; messageId: string }> {
  const { conversationId } = await answeredWith(subject, reply);
  const { messageId, attempt } = await claimedSend(subject, conversationId);
  const end = { outcome: "uncertain" as const, errorCode: "timeout", errorMessage: "" };
  await subject.database.recordSend(messageId, attempt, end);
  return { conversationId, messageId };
}

/** Twilio took the message, under this id. */
export function handedOver(providerMessageId = messageSid()): SendOutcome {
  return { outcome: "handed_over", providerMessageId, deliveryStatus: "queued" };
}

/** Twilio says "sent" of the message with this id, which is all that it says. */
export function deliveryReport(
  providerMessageId: string,
  overrides: Partial<DeliveryReport> = {},
): DeliveryReport {
  const rest = { messageId: null, errorCode: null, errorMessage: null };
  return { providerMessageId, deliveryStatus: "sent", ...rest, ...overrides };
}

/** What may go by between an answer and the look at it. Milliseconds. */
const MEANTIME_MS = 500;

/** Milliseconds that went by in the meantime, or were drawn by chance, do not count as different. */
export function assertAbout(
  actual: number,
  expected: number,
  tolerance = expected * 0.2 + MEANTIME_MS,
): void {
  const isNear = actual <= expected + tolerance && actual >= expected - tolerance;
  assert.ok(isNear, `${actual} is not about ${expected}`);
}
