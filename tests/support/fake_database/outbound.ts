/** `cc_private.store_outbound_messages`, in memory. */
import { dispatch, rowOf } from "./rows.ts";
import type { State } from "./state.ts";

interface Outbound {
  turnId: string | null;
  kind: string;
  parts: string[];
  /** Of a person's reply: the first part's id. */
  replyId?: string;
}

/** Stores the parts of one outbound text in order, ready to be sent, and rings the orchestrator. */
export function storeOutbound(
  state: State,
  conversationId: string,
  { turnId, kind, parts, replyId }: Outbound,
): void {
  const conversation = rowOf(state.conversations, conversationId);
  for (const [index, bodyText] of parts.entries()) {
    state.messages.push({
      id: index === 0 && replyId ? replyId : crypto.randomUUID(),
      ...{ conversationId, turnId, kind, bodyText, direction: "outbound", mediaTypes: [] },
      seq: ++conversation.lastSeq,
      fromAddress: conversation.businessAddress,
      toAddress: conversation.customerAddress,
      ...{ providerMessageId: null, signature: null, deliveryStatus: null, errorCode: null },
      ...{ sendState: "ready", sendAttempt: 0, sendDueAt: state.now(), createdAt: state.now() },
      ...{ sendClaimedAt: null, sendLeaseUntil: null, absentSince: null, contentSid: null },
      ...{ hasFallback: false, details: {}, repliedToMessageId: null },
    });
  }
  dispatch(state, conversationId);
}
