/** Storing outbound messages, `claim_send` and `record_send`, in memory. */
import type {
  Database,
  SendClaim,
  SendOutcome,
} from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { backoffMs, dispatch, type Message, rowOf, type State, type Turn } from "./state.ts";

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
        if (isUnsettled(message)) return handOver(state, message, end.providerMessageId);
      }
      if (message?.sendState !== "sending" || message.sendAttempt !== attempt) {
        return { outcome: "lease_lost" };
      }
      settle(state, message, end);
      return { outcome: "recorded" };
    },
  };
}

/** Stores the parts of one outbound text in order, ready to be sent, and rings the orchestrator. */
export function storeOutbound(
  state: State,
  { id: turnId, conversationId }: Turn,
  { kind, parts }: { kind: string; parts: string[] },
): void {
  const conversation = rowOf(state.conversations, conversationId);
  for (const bodyText of parts) {
    state.messages.push({
      id: crypto.randomUUID(),
      ...{ conversationId, turnId, kind, bodyText, direction: "outbound", mediaTypes: [] },
      seq: ++conversation.lastSeq,
      fromAddress: conversation.businessAddress,
      toAddress: conversation.customerAddress,
      ...{ providerMessageId: null, signature: null, sendLeaseUntil: null, errorCode: null },
      ...{ sendState: "ready", sendAttempt: 0, sendDueAt: state.now(), createdAt: state.now() },
    });
  }
  dispatch(state, conversationId);
}

/** The lowest unsettled message, after those are refused which may no longer be sent. */
function nextAllowed(state: State, conversationId: string): Message | undefined {
  const unsettled = state.messages
    .filter((message) => message.conversationId === conversationId && isUnsettled(message))
    .sort((a, b) => a.seq - b.seq);
  for (const message of unsettled) {
    if (message.sendState === "sending" && (message.sendLeaseUntil ?? 0) <= state.now()) {
      end(message, "uncertain", "lease_expired");
    }
    const reason = message.sendState === "ready" ? refusalReason(state, message) : null;
    if (!reason) return message;
    end(message, "refused", reason);
  }
  return undefined;
}

const isUnsettled = ({ sendState }: Message) =>
  sendState === "ready" || sendState === "sending" || sendState === "uncertain";

function refusalReason(state: State, { conversationId }: Message): string | null {
  const { channel, customerId, lastInboundAt } = rowOf(state.conversations, conversationId);
  if (rowOf(state.customers, customerId).isOptedOut) return "opted_out";
  const isLate = channel === "whatsapp" && lastInboundAt < state.now() - WINDOW_MS;
  return isLate ? "outside_window" : null;
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
  message.sendLeaseUntil = state.now() + leaseMs;
  const { id: messageId, sendAttempt: attempt, fromAddress, toAddress, bodyText } = message;
  return { outcome: "claimed", messageId, attempt, leaseMs, fromAddress, toAddress, bodyText };
}

function handOver(state: State, message: Message, providerMessageId: string) {
  if (state.messages.some((other) => other.providerMessageId === providerMessageId)) {
    throw new DatabaseError("record_send", "23505");
  }
  end(message, "handed_over", null);
  message.providerMessageId = providerMessageId;
  return { outcome: "recorded" as const };
}

function settle(state: State, message: Message, sent: SendOutcome): void {
  if (sent.outcome === "handed_over") return;
  if (sent.outcome !== "postponed") return end(message, sent.outcome, sent.errorCode);
  end(message, "ready", sent.errorCode);
  message.sendDueAt = state.now() + backoffMs(state, message.sendAttempt);
}

function end(message: Message, sendState: Message["sendState"], errorCode: string | null): void {
  Object.assign(message, { sendState, errorCode, sendDueAt: null, sendLeaseUntil: null });
}
