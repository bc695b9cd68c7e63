/** The steps of a random walk over a `Database`, and what they remember from one to the next. */
import type { SendOutcome } from "../../supabase/functions/_shared/database.ts";
import type { InboundMessage } from "../../supabase/functions/_shared/twilio/inbound_message.ts";
import { inboundMessage } from "../support/factories.ts";
import type { DatabaseUnderTest } from "./database_under_test.ts";

/** What the next steps refer to: the newest conversation, turn and send, and their attempts. */
export interface Memory {
  conversationId: string;
  turn: { id: string; attempt: number };
  send: { id: string; attempt: number; bodyText: string };
}

export interface Step {
  name: string;
  /** How often it comes, in relation to the others. */
  weight: number;
  /** Gives back what must be the same on every implementation. */
  run(subject: DatabaseUnderTest, memory: Memory): Promise<unknown>;
}

const NOBODY = { id: "00000000-0000-4000-8000-000000000000", attempt: 1 };
const HOUR_MS = 3_600_000;

/** Nothing has happened yet. */
export const emptyMemory = (): Memory => ({
  conversationId: NOBODY.id,
  turn: NOBODY,
  send: { ...NOBODY, bodyText: "" },
});

/**
 * Every time here is such that the seconds of a run, and the chance in a back-off, never decide. What
 * ends after some short steps ends with the last of them, or some seconds before it; many short steps
 * are less than the shortest back-off, one long step is more than the longest.
 */
export const SETTINGS = {
  ...{ debounceMs: 9000, debounceMaxMs: 22_000, maxFailures: 3, historyMessages: 4 },
  ...{ backoffBaseMs: HOUR_MS, backoffMaxMs: 2 * HOUR_MS, maxSendAttempts: 2 },
  ...{ customerBurstMessages: 3, customerMessagesPerMinute: 1, rateLimitNoticeMinutes: 1 },
  ...{ turnsPerMinute: 2, sendLeaseSeconds: 30, settleGraceSeconds: 55 },
};
/** Two of the messages, by their numbers. */
const OPT_OUT_WORDS: Record<number, string> = { 10: "STOP", 11: "START" };
/** Somebody without a phone number, who turns out to be the other customer. */
const BSUID = "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J";
const CUSTOMERS: Record<number, Partial<InboundMessage>> = {
  ...{ 3: { fromAddress: BSUID }, 5: { fromAddress: BSUID }, 7: { otherAddresses: [BSUID] } },
};
const SHORT_MS = 11_000;
const LONG_MS = 3 * HOUR_MS + 60_000;

export const STEPS: Step[] = [
  ...Array.from({ length: 12 }, (_, number) => step(`ingest ${number}`, 1, ingest(number))),
  step("claim turn", 10, claimTurn),
  ...[["one"], ["one", "two"], []].map((reply) => step(`say ${reply}`, 2, completeTurn(reply))),
  ...[["bye"], []].map((reply) => step(`hand over, saying ${reply}`, 1, handOverTurn(reply))),
  step("fail", 2, failTurn(false)),
  step("fail for good", 1, failTurn(true)),
  step("claim send", 10, claimSend),
  ...[1, 2].map((number) => step(`hand over ${number}`, 2, handOver(number))),
  ...(["refused", "postponed", "uncertain"] as const)
    .map((outcome) => step(outcome, 1, recordSend({ outcome, errorCode: "1", errorMessage: "" }))),
  ...["sent", "delivered", "failed", "no-word"].flatMap((status) => [
    step(`report ${status}`, 1, reportDelivery(status, 1)),
    step(`report ${status} under our id`, 1, reportDelivery(status, 2)),
  ]),
  step("read the list, without it", 4, settle(0)),
  step("read the list", 1, settle(1)),
  step("ring works", 4, (subject) => subject.setDispatch(true)),
  step("ring fails", 1, (subject) => subject.setDispatch(false)),
  step("ring", 1, ring),
  step("wait", 8, (subject) => subject.passTime(SHORT_MS)),
  step("wait long", 4, (subject) => subject.passTime(LONG_MS)),
  step("a person takes over", 4, ({ handOver }, { conversationId }) => handOver(conversationId)),
  ...[[1, 1], [1, 1000], [2, 3], [3, 2], [4, 1000], [5, 4]].map(([number = 1, upToSeq = 0]) =>
    step(`a person writes ${number} up to ${upToSeq}`, 2, sendReply(number, upToSeq))
  ),
  step("a person hands back", 5, ({ handBack }, { conversationId }) => handBack(conversationId)),
  step("close", 1, ({ close }, { conversationId }) => close(conversationId)),
  ...[true, false].map((handOverDeadTurns) =>
    step(
      `dead turns go to a person: ${handOverDeadTurns}`,
      1,
      (subject) => subject.configure({ handOverDeadTurns }),
    )
  ),
];

function step(name: string, weight: number, run: Step["run"]): Step {
  return { name, weight, run };
}

function ingest(number: number): Step["run"] {
  return async ({ database }, memory) => {
    const bodyText = OPT_OUT_WORDS[number] ?? `in ${number}`;
    const from = CUSTOMERS[number] ?? {};
    const message = inboundMessage({ providerMessageId: `SM${number}`, bodyText, ...from });
    // Some come under another id again, with the signature of one that is stored.
    const stored = await database.ingestInboundMessage(message, `signature ${number % 8}`);
    memory.conversationId = stored.conversationId;
    return stored.isNewMessage;
  };
}

async function claimTurn({ database }: DatabaseUnderTest, memory: Memory): Promise<unknown> {
  const claim = await database.claimTurn(memory.conversationId);
  if (claim.outcome !== "claimed") return claim.outcome;
  const { turnId: id, attempt, messages, history } = claim;
  memory.turn = { id, attempt };
  return { attempt, messages: messages.map(textOf), history: history.map(textOf) };
}

const textOf = ({ seq, text }: { seq: number; text: string }) => `${seq} ${text}`;

function completeTurn(reply: string[]): Step["run"] {
  const end = reply.length > 0 ? { reply } : { silentReason: "spam" };
  return async ({ database }, { turn }) =>
    (await database.completeTurn(turn.id, turn.attempt, end)).outcome;
}

function handOverTurn(reply: string[]): Step["run"] {
  const end = { reply, handOverReason: "asked" };
  return async ({ database }, { turn }) =>
    (await database.completeTurn(turn.id, turn.attempt, end)).outcome;
}

function failTurn(isFinal: boolean): Step["run"] {
  const failure = { errorCode: "model_timeout", errorMessage: "", isFinal };
  return async ({ database }, { turn }) =>
    (await database.failTurn(turn.id, turn.attempt, failure)).outcome;
}

async function claimSend({ database }: DatabaseUnderTest, memory: Memory): Promise<unknown> {
  const claim = await database.claimSend(memory.conversationId);
  if (claim.outcome !== "claimed") return claim.outcome;
  const { messageId: id, attempt, bodyText } = claim;
  memory.send = { id, attempt, bodyText };
  return { attempt, bodyText };
}

function handOver(number: number): Step["run"] {
  return (subject, memory) => {
    const providerMessageId = `${memory.send.id} ${number}`;
    const end = { outcome: "handed_over" as const, deliveryStatus: "queued", providerMessageId };
    return recordSend(end)(subject, memory);
  };
}

function recordSend(end: SendOutcome): Step["run"] {
  return async ({ database }, { send }) =>
    (await database.recordSend(send.id, send.attempt, end)).outcome;
}

/** By the id that `hand over 1` gives, or by another one and our own. */
function reportDelivery(deliveryStatus: string, number: 1 | 2): Step["run"] {
  return async ({ database }, { send }) => {
    const messageId = number === 1 ? null : send.id;
    const rest = { deliveryStatus, errorCode: null, errorMessage: null };
    const providerMessageId = `${send.id} ${number}`;
    const report = { providerMessageId, messageId, ...rest };
    return (await database.recordDeliveryStatus(report)).outcome;
  };
}

/** A reading of Twilio's list which shows the newest send so many times. */
function settle(times: 0 | 1): Step["run"] {
  return async ({ database }, { send }) => {
    const { readStartedAt, messages } = await database.listUncertainSends();
    const entry = { sid: `${send.id} 1`, body: send.bodyText, status: "delivered" };
    const listed = times === 0 ? [] : [{ ...entry, dateCreated: readStartedAt }];
    const outcomes: string[] = [];
    for (const message of messages) {
      const { outcome } = await database.settleSend(message, readStartedAt, listed);
      outcomes.push(`${message.attempt} ${outcome}`);
    }
    return outcomes;
  };
}

async function ring({ database }: DatabaseUnderTest, memory: Memory): Promise<unknown> {
  return (await database.dispatchConversation(memory.conversationId)).outcome;
}

/** The same number is the same reply pressed twice, or the id of a reply elsewhere. */
function sendReply(number: number, upToSeq: number): Step["run"] {
  return async (subject, { conversationId }) => {
    const id = `00000000-0000-4000-8000-00000000000${number}`;
    const reply = { id, upToSeq, parts: [`a person ${number}`, "more"].slice(0, number) };
    return await subject.sendReply(conversationId, reply).catch(({ code }) => code);
  };
}
