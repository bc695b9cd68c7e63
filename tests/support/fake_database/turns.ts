/** `claim_turn`, `complete_turn`, `fail_turn` and `dispatch_conversation`, in memory. */
import type {
  ClaimedTurn,
  Database,
  TurnMessage,
  TurnWork,
} from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { shorten } from "./message_details.ts";
import { isOptedOut, silenceWaitingTurns } from "./opt_out.ts";
import { storeOutbound } from "./outbound.ts";
import { giveToPerson, previousConversation } from "./person.ts";
import { fuseUntil } from "./rate_limit.ts";
import { backoffMs, dispatchAgain, nextSend, nextTurn, rowOf } from "./rows.ts";
import type { Message, State, Turn } from "./state.ts";

type Turns = Pick<Database, "claimTurn" | "completeTurn" | "failTurn" | "dispatchConversation">;

/** The turns' part of the database. */
export function turnFunctions(state: State): Turns {
  return {
    // deno-lint-ignore require-await
    async claimTurn(conversationId) {
      let turn = nextTurn(state, conversationId);
      if (turn?.state === "running" && (turn.leaseUntil ?? 0) <= state.now()) {
        recordFailure(state, turn, false);
        turn = nextTurn(state, conversationId);
      }
      if (!turn) return { outcome: "nothing_pending" };
      if (turn.state === "running") return { outcome: "busy" };
      if (isOptedOut(state, conversationId)) {
        silenceWaitingTurns(state, conversationId);
        return { outcome: "nothing_pending" };
      }
      const { handler } = rowOf(state.conversations, conversationId);
      if (handler === "human") return { outcome: "human_handles" };
      const dueAt = (turn.dueAt ?? 0) > state.now() ? turn.dueAt : fuseUntil(state);
      const dueInMs = (dueAt ?? 0) - state.now();
      if (dueInMs > 0) return { outcome: "not_due", dueInMs };
      return claim(state, turn);
    },

    // deno-lint-ignore require-await
    async completeTurn(turnId, attempt, end, work) {
      const isEmpty = "reply" in end && end.reply.length === 0 && !end.handOverReason;
      if ("reply" in end && (isEmpty || end.reply.some(isBlank))) {
        throw new DatabaseError("complete_turn", "SB003", 400);
      }
      const turn = state.turns.find(({ id }) => id === turnId);
      if (turn?.attempt === attempt && isAnswered(turn)) return outcomeOf(state, turn);
      if (!turn || !isHeld(turn, attempt)) return { outcome: "lease_lost" };
      if ("handOverReason" in end) {
        const parts = end.reply.length > 0 ? end.reply : undefined;
        recordWork(state, turn, work);
        giveToPerson(state, turn.conversationId, { turnId, ...(parts && { parts }) });
        return outcomeOf(state, turn);
      }
      const isSilent = "silentReason" in end;
      Object.assign(turn, { state: isSilent ? "silent" : "answered", ...finished });
      if (!isSilent) {
        storeOutbound(state, turn.conversationId, { turnId, kind: "reply", parts: end.reply });
      }
      recordWork(state, turn, work);
      return outcomeOf(state, turn);
    },

    // deno-lint-ignore require-await
    async failTurn(turnId, attempt, { isFinal }, work) {
      const turn = state.turns.find(({ id }) => id === turnId);
      if (turn?.attempt === attempt && isAnswered(turn)) return { outcome: "already_answered" };
      if (!turn || !isHeld(turn, attempt)) return { outcome: "lease_lost" };
      recordWork(state, turn, work);
      recordFailure(state, turn, isFinal);
      return turn.dueAt === null
        ? { outcome: "dead" }
        : { outcome: "retrying", dueInMs: turn.dueAt - state.now() };
    },

    // deno-lint-ignore require-await
    async dispatchConversation(conversationId) {
      const waiting = nextTurn(state, conversationId) ?? nextSend(state, conversationId);
      if (!waiting) return { outcome: "nothing_pending" };
      return { outcome: dispatchAgain(state, conversationId) ? "dispatched" : "failed" };
    },
  };
}

const finished = { leaseUntil: null, dueAt: null };

const isAnswered = ({ state }: Turn) => state === "answered" || state === "silent";

const isHeld = (turn: Turn, attempt: number) =>
  turn.state === "running" && turn.attempt === attempt;

const isBlank = (part: string) => /^[ \t\n\r]*$/.test(part);

function claim(state: State, turn: Turn): ClaimedTurn {
  const leaseMs = state.settings.leaseSeconds * 1000;
  turn.state = "running";
  turn.attempt++;
  turn.claimedAt = state.now();
  turn.leaseUntil = state.now() + leaseMs;
  const { channel, customerId, customerAddress, businessAddress, summary } = rowOf(
    state.conversations,
    turn.conversationId,
  );
  return {
    outcome: "claimed",
    turnId: turn.id,
    attempt: turn.attempt,
    isLastAttempt: turn.failureCount + 1 >= state.settings.maxFailures,
    mayUseModel: mayUseModel(state, customerId),
    leaseMs,
    channel,
    provider: "twilio",
    ...{ customerAddress, businessAddress, summary: summary?.text ?? null },
    customerName: rowOf(state.customers, customerId).name,
    ...messagesFor(state, turn),
  };
}

function messagesFor(state: State, turn: Turn) {
  const { messages, settings, conversations } = state;
  const forAgent = (message: Message) => toTurnMessage(state, message);
  const summarisedSeq = rowOf(conversations, turn.conversationId).summary?.upToSeq ?? 0;
  const own = messages.filter(({ conversationId }) => conversationId === turn.conversationId)
    .sort((a, b) => a.seq - b.seq);
  const waiting = own.filter(({ turnId, direction }) =>
    turnId === turn.id && direction === "inbound"
  );
  const lastSeq = waiting.at(-1)?.seq ?? 0;
  // What they wrote since belongs to the next turn; what we said since, and was not refused, is
  // history for this one.
  const earlier = own.filter(({ turnId, direction, seq, sendState }) =>
    turnId !== turn.id && seq > summarisedSeq && sendState !== "refused" &&
    (direction === "outbound" || seq < lastSeq)
  );
  const history = last(settings.historyMessages, earlier);
  const room = summarisedSeq === 0 ? settings.historyMessages - history.length : 0;
  return {
    messages: waiting.map(forAgent),
    history: [...historyBefore(state, turn, room), ...history.map(forAgent)],
  };
}

/** The summary of the conversation before, and its last words after that, as room allows. */
function historyBefore(state: State, { conversationId }: Turn, room: number): TurnMessage[] {
  const before = previousConversation(state, conversationId);
  if (!before || room <= 0) return [];
  const summary = before.summary ? [summaryMessage(before.id, before.summary)] : [];
  const words = state.messages.filter((message) =>
    message.conversationId === before.id && message.sendState !== "refused" &&
    message.seq > (before.summary?.upToSeq ?? 0)
  ).sort((a, b) => a.seq - b.seq);
  return [
    ...summary,
    ...last(room - summary.length, words).map((message) => toTurnMessage(state, message)),
  ].map((message) => ({ ...message, previous: true }));
}

function summaryMessage(id: string, { text, upToSeq }: { text: string; upToSeq: number }) {
  return {
    ...{ id, seq: upToSeq, direction: "inbound" as const, kind: "text" },
    ...{ text: `[Summary of it: ${text}]`, mediaTypes: [], storedMedia: [], details: {} },
    ...{ repliedTo: null, createdAt: new Date(0).toISOString() },
  };
}

const last = <Item>(count: number, items: Item[]): Item[] => count > 0 ? items.slice(-count) : [];

function toTurnMessage({ messages }: State, message: Message): TurnMessage {
  const { id, seq, direction, kind, bodyText, mediaTypes, details, createdAt } = message;
  const time = new Date(createdAt).toISOString();
  const earlier = messages.find((other) => other.id === message.repliedToMessageId);
  const repliedTo = earlier
    ? {
      seq: earlier.conversationId === message.conversationId ? earlier.seq : null,
      direction: earlier.direction,
      text: shorten(earlier.bodyText),
    }
    : null;
  return {
    ...{ id, seq, direction, kind, text: bodyText, mediaTypes, storedMedia: [] },
    ...{ details, repliedTo, createdAt: time },
  };
}

/** Time moves by what cases say, days do not: all that is used is used today. */
function mayUseModel({ customers, settings }: State, customerId: string): boolean {
  const used = customers.reduce((sum, { tokensUsed }) => sum + (tokensUsed ?? 0), 0);
  return (rowOf(customers, customerId).tokensUsed ?? 0) <
      (settings.customerTokensPerDay ?? Infinity) &&
    used < (settings.tokensPerDay ?? Infinity);
}

function recordWork(state: State, turn: Turn, work: TurnWork | undefined): void {
  if (!work) return;
  const conversation = rowOf(state.conversations, turn.conversationId);
  const { upToSeq = 0 } = work.summary ?? {};
  if (upToSeq > (conversation.summary?.upToSeq ?? 0) && upToSeq <= conversation.lastSeq) {
    conversation.summary = work.summary;
  }
  const customer = rowOf(state.customers, conversation.customerId);
  customer.tokensUsed = (customer.tokensUsed ?? 0) + work.inputTokens + work.outputTokens;
}

function recordFailure(state: State, turn: Turn, isFinal: boolean): void {
  turn.failureCount++;
  const isDead = isFinal || turn.failureCount >= state.settings.maxFailures;
  Object.assign(turn, finished, { state: isDead ? "dead" : "retrying" });
  if (!isDead) turn.dueAt = state.now() + backoffMs(state, turn.failureCount);
  else bury(state, turn);
}

function bury(state: State, { id: turnId, conversationId }: Turn): void {
  const { fallbackText, handOverDeadTurns } = state.settings;
  const untold = state.messages.filter((message) =>
    message.turnId === turnId && message.direction === "inbound" && !message.hasFallback
  );
  for (const message of untold) message.hasFallback = true;
  if (untold.length > 0) {
    storeOutbound(state, conversationId, { turnId, kind: "fallback", parts: [fallbackText] });
  }
  if (handOverDeadTurns) giveToPerson(state, conversationId, { parts: [] });
}

function outcomeOf({ messages }: State, turn: Turn) {
  const messageIds = messages
    .filter(({ turnId, direction }) => turnId === turn.id && direction === "outbound")
    .map(({ id }) => id);
  return { outcome: turn.state as "answered" | "silent", messageIds };
}
