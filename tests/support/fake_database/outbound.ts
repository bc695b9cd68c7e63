/** `cc_private.store_outbound_messages`, in memory. */
import { dispatch, rowOf } from "./rows.ts";
import type { State } from "./state.ts";

/** Stores the parts of one outbound text in order, ready to be sent, and rings the orchestrator. */
export function storeOutbound(
  state: State,
  conversationId: string,
  { turnId, kind, parts }: { turnId: string | null; kind: string; parts: string[] },
): void {
  const conversation = rowOf(state.conversations, conversationId);
  for (const bodyText of parts) {
    state.messages.push({
      id: crypto.randomUUID(),
      ...{ conversationId, turnId, kind, bodyText, direction: "outbound", mediaTypes: [] },
      seq: ++conversation.lastSeq,
      fromAddress: conversation.businessAddress,
      toAddress: conversation.customerAddress,
      ...{ providerMessageId: null, signature: null, deliveryStatus: null, errorCode: null },
      ...{ sendState: "ready", sendAttempt: 0, sendDueAt: state.now(), createdAt: state.now() },
      ...{ sendClaimedAt: null, sendLeaseUntil: null, absentSince: null, contentSid: null },
      ...{ details: {}, repliedToMessageId: null },
    });
  }
  dispatch(state, conversationId);
}
