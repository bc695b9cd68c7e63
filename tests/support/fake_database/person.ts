/** `hand_over`, `hand_back`, `send_reply` and `close_conversation`, in memory. */
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { storeOutbound } from "./outbound.ts";
import { dispatchAgain, nextSend, nextTurn, rowOf } from "./rows.ts";
import { end, refusalReason } from "./sends.ts";
import type { Conversation, Message, State } from "./state.ts";

/** From now on a person answers; without parts the customer is told the setting's text. */
export function giveToPerson(
  state: State,
  conversationId: string,
  { parts, turnId = null }: { parts?: string[]; turnId?: string | null } = {},
): void {
  rowOf(state.conversations, conversationId).handler = "human";
  takeFromAgent(state, conversationId);
  const { handOverText } = state.settings;
  const said = parts ?? (handOverText === null ? [] : [handOverText]);
  if (said.length > 0) {
    storeOutbound(state, conversationId, { turnId, kind: "hand_over", parts: said });
  }
}

/** `hand_over`: what it answers. */
export function handOver(state: State, conversationId: string): string {
  const conversation = state.conversations.find(({ id }) => id === conversationId);
  if (!conversation) return "not_found";
  if (conversation.handler === "human") return "already_handed_over";
  giveToPerson(state, conversationId);
  return "handed_over";
}

/** `hand_back`: what it answers. */
export function handBack(state: State, conversationId: string): string {
  const conversation = state.conversations.find(({ id }) => id === conversationId);
  if (!conversation) return "not_found";
  if (conversation.handler === "agent") return "already_handed_back";
  conversation.handler = "agent";
  const pending = pendingTurn(state, conversationId);
  if (pending) {
    pending.dueAt = state.now();
    dispatchAgain(state, conversationId);
  }
  return "handed_back";
}

/** `close_conversation`: what it answers. */
export function closeConversation(state: State, conversationId: string): string {
  const conversation = state.conversations.find(({ id }) => id === conversationId);
  if (!conversation) return "not_found";
  if (conversation.status === "closed") return "already_closed";
  if (nextTurn(state, conversationId) ?? nextSend(state, conversationId)) return "still_open";
  Object.assign(conversation, { status: "closed", handler: "agent" });
  return "closed";
}

export interface PersonsReply {
  id: string;
  upToSeq: number;
  parts: string[];
}

/** `send_reply`: what it answers. */
export function sendReply(state: State, conversationId: string, reply: PersonsReply): string {
  const conversation = state.conversations.find(({ id }) => id === conversationId);
  if (!conversation) return "not_found";
  const known = state.messages.find(({ id }) => id === reply.id);
  if (known && known.conversationId !== conversationId) {
    throw new DatabaseError("send_reply", "SB003", 400);
  }
  if (known) return "already_stored";
  if (refusalReason(state, { conversationId, kind: "human" })) return "refused";
  if (conversation.handler === "agent") giveToPerson(state, conversationId, { parts: [] });
  const turnId = answerTurnsSeen(state, conversationId, reply.upToSeq);
  const { id: replyId, parts } = reply;
  storeOutbound(state, conversationId, { turnId, kind: "human", parts, replyId });
  return "stored";
}

/** The customer's conversation before this one. */
export function previousConversation(
  { conversations }: State,
  conversationId: string,
): Conversation | undefined {
  const own = conversations.findIndex(({ id }) => id === conversationId);
  return conversations.slice(0, own).findLast(({ customerId, channel }) =>
    customerId === conversations[own]?.customerId && channel === conversations[own]?.channel
  );
}

function takeFromAgent(state: State, conversationId: string): void {
  const unbegun = state.messages.filter((message) =>
    message.conversationId === conversationId && message.sendState === "ready" &&
    message.kind === "reply" && !isBegun(state, message.turnId)
  );
  for (const message of unbegun) end(message, "refused", "handed_over");
  const ended = state.turns.filter((turn) =>
    unbegun.some(({ turnId }) => turnId === turn.id) ||
    (turn.conversationId === conversationId && ["running", "retrying"].includes(turn.state))
  );
  for (const turn of ended) {
    Object.assign(turn, { state: "silent", leaseUntil: null, dueAt: null });
  }
  waitForPerson(state, conversationId, inboundOf(state, ended.map(({ id }) => id)));
}

function isBegun({ messages }: State, turnId: string | null): boolean {
  return messages.some((message) =>
    message.turnId === turnId && message.direction === "outbound" && message.sendAttempt > 0
  );
}

function inboundOf({ messages }: State, turnIds: string[]): Message[] {
  return messages.filter(({ turnId, direction }) =>
    direction === "inbound" && turnIds.includes(turnId ?? "")
  );
}

/** Gathers the messages in the pending turn, opening one if need be, without a due time. */
function waitForPerson(state: State, conversationId: string, messages: Message[]): void {
  let pending = pendingTurn(state, conversationId);
  const since = Math.min(...messages.map(({ createdAt }) => createdAt));
  if (!pending && messages.length > 0) {
    pending = {
      ...{ id: crypto.randomUUID(), conversationId, state: "pending", attempt: 0 },
      ...{ failureCount: 0, dueAt: null, leaseUntil: null, isDispatched: false, claimedAt: null },
      createdAt: since,
    };
    state.turns.push(pending);
  }
  if (!pending) return;
  pending.createdAt = Math.min(pending.createdAt, since);
  pending.dueAt = null;
  for (const message of messages) message.turnId = pending.id;
}

/** Ends the waiting and the dead turns that a person answers; gives the newest of them. */
function answerTurnsSeen(state: State, conversationId: string, upToSeq: number): string | null {
  const seen = state.turns.filter((turn) =>
    turn.conversationId === conversationId && ["pending", "dead"].includes(turn.state) &&
    inboundOf(state, [turn.id]).some(({ seq }) => seq <= upToSeq)
  ).map((turn) => ({ turn, messages: inboundOf(state, [turn.id]) }));
  for (const { turn } of seen) Object.assign(turn, { state: "answered", dueAt: null });
  const all = seen.flatMap(({ messages }) => messages);
  const newest = all.reduce<Message | null>(
    (last, message) => !last || message.seq > last.seq ? message : last,
    null,
  )?.turnId ?? null;
  waitForPerson(state, conversationId, all.filter(({ seq }) => seq > upToSeq));
  return newest;
}

function pendingTurn({ turns }: State, conversationId: string) {
  return turns.find((turn) => turn.conversationId === conversationId && turn.state === "pending");
}
