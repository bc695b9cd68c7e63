/** `claim_send` and `record_send`, in memory. */
import type {
  Database,
  SendClaim,
  SendOutcome,
} from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { deliveryRank } from "./delivery_rank.ts";
import { heedBlockedSend, isOptedOut } from "./opt_out.ts";
import { backoffMs, nextSend, rowOf } from "./rows.ts";
import type { Message, State } from "./state.ts";

const WINDOW_MS = 24 * 3600 * 1000;

/** The sending part of the database. */
export function sendFunctions(state: State): Pick<Database, "claimSend" | "recordSend"> {
  return {
    // deno-lint-ignore require-await
    async claimSend(conversationId) {
      const message = nextAllowed(state, conversationId);
      if (!message) return { outcome: "nothing_ready" };
      if (message.sendState === "sending") return { outcome: "busy" };
      if (message.sendState === "uncertain") return { outcome: "uncertain" };
      const dueInMs = (message.sendDueAt ?? 0) - state.now();
      if (dueInMs > 0) return { outcome: "not_due", dueInMs };
      return isInFlight(state, message.toAddress) ? { outcome: "busy" } : claim(state, message);
    },

    // deno-lint-ignore require-await
    async recordSend(messageId, attempt, end) {
      const message = state.messages.find(({ id }) => id === messageId);
      if (end.outcome === "handed_over" && message) {
        if (message.providerMessageId === end.providerMessageId) {
          return { outcome: "already_recorded" };
        }
        if (message.sendState === "handed_over") return { outcome: "doubled" };
        handOver(state, message, end.providerMessageId, end.deliveryStatus);
        return { outcome: "recorded" };
      }
      if (message?.sendState !== "sending" || message.sendAttempt !== attempt) {
        return { outcome: "lease_lost" };
      }
      settle(state, message, end);
      if (end.outcome === "refused") heedBlockedSend(state, message, end.errorCode);
      return { outcome: "recorded" };
    },
  };
}

/** Twilio has the message, under this id: from here on its delivery status tells. */
export function handOver(
  state: State,
  message: Message,
  providerMessageId: string,
  deliveryStatus: string | null,
): void {
  if (state.messages.some((other) => other.providerMessageId === providerMessageId)) {
    throw new DatabaseError("record_send", "23505", 409);
  }
  end(message, "handed_over", null);
  message.providerMessageId = providerMessageId;
  if (deliveryRank(deliveryStatus) > deliveryRank(message.deliveryStatus)) {
    message.deliveryStatus = deliveryStatus;
  }
}

/** The lowest unsettled message, after those are refused which may no longer be sent. */
function nextAllowed(state: State, conversationId: string): Message | undefined {
  for (;;) {
    const message = nextSend(state, conversationId);
    if (message?.sendState === "sending" && (message.sendLeaseUntil ?? 0) <= state.now()) {
      doubt(message, "lease_expired");
    }
    const reason = message?.sendState === "ready" ? refusalReason(state, message) : null;
    if (!message || !reason) return message;
    end(message, "refused", reason);
  }
}

/** Why a message of this kind must not be sent now; null when it may. */
export function refusalReason(
  state: State,
  { conversationId, kind }: Pick<Message, "conversationId" | "kind">,
): string | null {
  if (isOptedOut(state, conversationId) && kind !== "opt_out_confirmation") return "opted_out";
  const hasTemplate = state.settings.outsideWindowContentSid !== null;
  return isOutsideWindow(state, conversationId) && !hasTemplate ? "outside_window" : null;
}

function isOutsideWindow(state: State, conversationId: string): boolean {
  const { channel, lastInboundAt } = rowOf(state.conversations, conversationId);
  return channel === "whatsapp" && lastInboundAt < state.now() - WINDOW_MS;
}

/** The variables of the template, with this text on one line where they ask for it. */
function contentVariables({ settings }: State, bodyText: string): string {
  const line = bodyText.replace(/\s+/g, " ").trim();
  const variables = Object.entries(settings.outsideWindowContentVariables)
    .map(([name, value]) => [name, value.replaceAll("{{text}}", () => line)]);
  return JSON.stringify(Object.fromEntries(variables));
}

function isInFlight({ messages }: State, address: string): boolean {
  return messages.some(({ toAddress, sendState }) =>
    toAddress === address && (sendState === "sending" || sendState === "uncertain")
  );
}

function claim(state: State, message: Message): SendClaim {
  const leaseMs = state.settings.sendLeaseSeconds * 1000;
  message.sendAttempt++;
  end(message, "sending", null);
  message.sendClaimedAt = state.now();
  message.sendLeaseUntil = state.now() + leaseMs;
  const isLate = isOutsideWindow(state, message.conversationId);
  message.contentSid = isLate ? state.settings.outsideWindowContentSid : null;
  const { id: messageId, sendAttempt: attempt, fromAddress, toAddress, bodyText } = message;
  const { contentSid } = message;
  const template = contentSid === null
    ? null
    : { contentSid, contentVariables: contentVariables(state, bodyText) };
  const addresses = { fromAddress, toAddress };
  return { outcome: "claimed", messageId, attempt, leaseMs, ...addresses, bodyText, template };
}

function settle(state: State, message: Message, sent: SendOutcome): void {
  if (sent.outcome === "handed_over") return;
  if (sent.outcome === "uncertain") return doubt(message, sent.errorCode);
  const isLast = message.sendAttempt >= state.settings.maxSendAttempts;
  if (sent.outcome === "refused" || isLast) return end(message, "refused", sent.errorCode);
  end(message, "ready", sent.errorCode);
  message.sendDueAt = state.now() + backoffMs(state, message.sendAttempt);
}

/** The lease stays: how long the doubt lasts counts from its end. */
function doubt(message: Message, errorCode: string): void {
  Object.assign(message, { sendState: "uncertain", errorCode, sendDueAt: null });
}

/** Ends an attempt: the message is in this state, with no lease and no due time. */
export function end(
  message: Message,
  sendState: Message["sendState"],
  errorCode: string | null,
): void {
  const settled = { sendDueAt: null, sendLeaseUntil: null, absentSince: null };
  Object.assign(message, { sendState, errorCode, ...settled });
}
