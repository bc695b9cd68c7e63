/** Opt-out, in memory: who wants no messages, and which message says so. */
import type { InboundMessage } from "../../../supabase/functions/_shared/twilio/inbound_message.ts";
import { storeOutbound } from "./outbound.ts";
import { rowOf } from "./rows.ts";
import type { Message, State } from "./state.ts";

type Word = "stop" | "start" | "opted_out" | "twilio_stop" | "twilio_start" | "twilio_other";

/** Why no agent answers this message; undefined: an agent does. */
export function optOutWord(
  { customers, settings }: State,
  customerId: string,
  { bodyText, bodyJson }: InboundMessage,
): Word | undefined {
  const twilio = [bodyJson.parameters.OptOutType ?? []].flat()[0]?.toUpperCase();
  if (twilio === "STOP") return "twilio_stop";
  if (twilio === "START") return "twilio_start";
  if (twilio) return "twilio_other";
  if (!rowOf(customers, customerId).isOptedOut) {
    return isKeyword(bodyText, settings.optOutKeywords) ? "stop" : undefined;
  }
  return isKeyword(bodyText, settings.optInKeywords) ? "start" : "opted_out";
}

function isKeyword(body: string, keywords: string[]): boolean {
  const words = plainWords(body);
  return [...body].length <= 40 && words !== "" && keywords.map(plainWords).includes(words);
}

/** The words and nothing else: lower case, no accents, no punctuation. */
function plainWords(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, " ").trim();
}

/** Receives a message that no agent answers, does what it asks, and confirms that once. */
export function receiveInSilence(state: State, message: Message, word: Word): void {
  const { conversationId } = message;
  const { optOutText, optInText } = state.settings;
  message.turnId = crypto.randomUUID();
  state.turns.push({
    ...{ id: message.turnId, conversationId, state: "silent", attempt: 0, failureCount: 0 },
    ...{ dueAt: null, leaseUntil: null, isDispatched: false, claimedAt: null },
    createdAt: state.now(),
  });
  if (word === "twilio_stop") optOut(state, conversationId);
  if (word === "twilio_start") optIn(state, conversationId);
  if (word === "stop" && optOut(state, conversationId) && optOutText !== null) {
    const parts = [optOutText];
    storeOutbound(state, conversationId, { turnId: null, kind: "opt_out_confirmation", parts });
  }
  if (word === "start" && optIn(state, conversationId) && optInText !== null) {
    storeOutbound(state, conversationId, { turnId: null, kind: "notice", parts: [optInText] });
  }
}

/** Whether the conversation's customer wants no messages. */
export function isOptedOut(state: State, conversationId: string): boolean {
  return customerOf(state, conversationId).isOptedOut;
}

/** Ends the turns that wait, since their customer wants no answer any more. */
export function silenceWaitingTurns({ turns }: State, conversationId: string): void {
  for (const turn of turns) {
    const isWaiting = turn.state === "pending" || turn.state === "retrying";
    if (turn.conversationId === conversationId && isWaiting) {
      Object.assign(turn, { state: "silent", dueAt: null });
    }
  }
}

/** Twilio's 21610 opts out, unless the customer has come back since the message was claimed. */
export function heedBlockedSend(
  state: State,
  { conversationId, sendClaimedAt }: Message,
  errorCode: string | null,
): void {
  if (errorCode !== "21610") return;
  const { optedInAt } = customerOf(state, conversationId);
  if (optedInAt === null || sendClaimedAt === null || sendClaimedAt >= optedInAt) {
    optOut(state, conversationId);
  }
}

function optOut(state: State, conversationId: string): boolean {
  const customer = customerOf(state, conversationId);
  if (customer.isOptedOut) return false;
  Object.assign(customer, { isOptedOut: true, lastWord: nextWord(state) });
  silenceWaitingTurns(state, conversationId);
  return true;
}

function optIn(state: State, conversationId: string): boolean {
  const customer = customerOf(state, conversationId);
  if (!customer.isOptedOut) return false;
  const lastWord = nextWord(state);
  Object.assign(customer, { isOptedOut: false, optedInAt: state.now(), lastWord });
  return true;
}

/** The number of the next STOP or START. */
export function nextWord({ customers }: State): number {
  return 1 + Math.max(0, ...customers.map(({ lastWord }) => lastWord));
}

function customerOf(state: State, conversationId: string) {
  return rowOf(state.customers, rowOf(state.conversations, conversationId).customerId);
}
