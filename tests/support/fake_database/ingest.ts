/** `ingest_inbound_message` and `record_rejected_webhook`, in memory. */
import type { Database } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type { InboundMessage } from "../../../supabase/functions/_shared/twilio/inbound_message.ts";
import { findOrMakeCustomer } from "./customers.ts";
import { detailsOf, repliedTo } from "./message_details.ts";
import { optOutWord, receiveInSilence } from "./opt_out.ts";
import { notifyOfLimit, takeAllowance } from "./rate_limit.ts";
import { dispatch, rowOf, takeSignature } from "./rows.ts";
import type { Conversation, Message, State, Turn } from "./state.ts";

type Ingest = Pick<Database, "ingestInboundMessage" | "recordRejectedWebhook">;

/** The webhook's half of the database. */
export function ingestFunctions(state: State): Ingest {
  return {
    // deno-lint-ignore require-await
    async ingestInboundMessage(message, signature) {
      const repeated =
        find(state, (known) => known.providerMessageId === message.providerMessageId) ??
          find(state, (known) => known.signature === signature);
      if (repeated) {
        takeSignature(state, signature);
        return toIngested(repeated, false);
      }
      if (!takeSignature(state, signature)) {
        throw new DatabaseError("ingest_inbound_message", "SB005", 400);
      }

      const conversation = activeConversation(state, message);
      const stored = store(state, conversation, { ...message, signature });
      const waitMs = takeAllowance(state, conversation.customerId);
      if (message.customerName) {
        rowOf(state.customers, conversation.customerId).name = message.customerName;
      }
      const word = optOutWord(state, conversation.customerId, message);
      if (word) {
        receiveInSilence(state, stored, word);
        return toIngested(stored, true);
      }
      const turn = openTurn(state, stored, { conversation, waitMs });
      // One that a person handles rings nobody.
      if (turn.dueAt !== null && !turn.isDispatched) {
        turn.isDispatched = dispatch(state, conversation.id);
      }
      if (waitMs > 0) notifyOfLimit(state, conversation);
      return toIngested(stored, true);
    },

    // deno-lint-ignore require-await
    async recordRejectedWebhook({ reason, parameters, signature }) {
      if (!/^[a-z][a-z0-9_]{0,39}$/.test(reason)) {
        throw new DatabaseError("record_rejected_webhook", "23514", 400);
      }
      if (!takeSignature(state, signature)) {
        const known = state.rejected.find((rejected) => rejected.signature === signature);
        if (!known) throw new DatabaseError("record_rejected_webhook", "SB005", 400);
        return { rejectedWebhookId: known.id, isNew: false };
      }
      const id = crypto.randomUUID();
      state.rejected.push({ id, reason, parameters, signature, createdAt: state.now() });
      return { rejectedWebhookId: id, isNew: true };
    },
  };
}

function find(state: State, matches: (message: Message) => boolean): Message | undefined {
  return state.messages.find(matches);
}

function toIngested({ conversationId, id }: Message, isNewMessage: boolean) {
  return { conversationId, messageId: id, isNewMessage };
}

function activeConversation(state: State, message: InboundMessage): Conversation {
  const { channel, fromAddress, toAddress } = message;
  const customerId = findOrMakeCustomer(state, message).id;
  let conversation = state.conversations.find((known) =>
    known.customerId === customerId && known.channel === channel && known.status === "active"
  );
  if (!conversation) {
    const id = crypto.randomUUID();
    const addresses = { customerAddress: fromAddress, businessAddress: toAddress };
    const begun = { status: "active" as const, handler: "agent" as const };
    const start = { ...begun, lastInboundAt: state.now(), lastSeq: 0 };
    conversation = { id, customerId, channel, ...addresses, ...start };
    state.conversations.push(conversation);
  }
  const now = { lastInboundAt: Math.max(conversation.lastInboundAt, state.now()) };
  return Object.assign(conversation, now, {
    customerAddress: fromAddress,
    businessAddress: toAddress,
  });
}

function store(
  state: State,
  conversation: Conversation,
  message: InboundMessage & { signature: string },
): Message {
  const { providerMessageId, fromAddress, toAddress, bodyText, signature } = message;
  const pending = state.turns.find((turn) =>
    turn.conversationId === conversation.id && turn.state === "pending"
  );
  const stored: Message = {
    id: crypto.randomUUID(),
    conversationId: conversation.id,
    seq: ++conversation.lastSeq,
    turnId: pending?.id ?? crypto.randomUUID(),
    direction: "inbound",
    ...{ providerMessageId, fromAddress, toAddress, bodyText, signature },
    kind: message.bodyJson.kind,
    mediaTypes: message.bodyJson.media.map((media) => media.content_type),
    ...{ sendState: null, sendAttempt: 0, sendDueAt: null, sendClaimedAt: null },
    ...{ sendLeaseUntil: null, absentSince: null, deliveryStatus: null, errorCode: null },
    ...{ contentSid: null, hasFallback: false },
    details: detailsOf(message),
    repliedToMessageId: repliedTo(state, conversation, message)?.id ?? null,
    createdAt: state.now(),
  };
  state.messages.push(stored);
  return stored;
}

/** Opens the turn that the message names, or lets the pending one wait for it, at least so long. */
function openTurn(
  state: State,
  { turnId }: Message,
  { conversation, waitMs }: { conversation: Conversation; waitMs: number },
): Turn {
  const { debounceMs, debounceMaxMs } = state.settings;
  const firstWaitMs = Math.max(Math.min(debounceMs, debounceMaxMs), waitMs);
  // A person is not hurried: their turn has no time.
  const dueAt = conversation.handler === "agent" ? state.now() + firstWaitMs : null;
  const pending = state.turns.find((turn) => turn.id === turnId);
  if (pending) {
    if (pending.dueAt !== null) {
      const latest = pending.createdAt + debounceMaxMs;
      pending.dueAt = Math.max(Math.min(dueAt ?? latest, latest), state.now() + waitMs);
    }
    return pending;
  }
  const turn: Turn = {
    id: turnId ?? "",
    conversationId: conversation.id,
    state: "pending",
    ...{ attempt: 0, failureCount: 0, leaseUntil: null, claimedAt: null },
    ...{ dueAt, isDispatched: false, createdAt: state.now() },
  };
  state.turns.push(turn);
  return turn;
}
