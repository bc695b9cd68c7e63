/** The `Database` on Supabase: each method is one RPC, so each is one transaction. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "./caller.ts";
import {
  type Database,
  Dispatched,
  Health,
  Metric,
  RecordedSend,
  SendClaim,
  SettledSend,
  TurnClaim,
  TurnCompletion,
  TurnFailure,
  type TurnWork,
  UncertainSends,
} from "./database.ts";
import { createIntakeDatabase } from "./intake_database.ts";
import { toStorable, toStorableJson } from "./storable_text.ts";

/** A `Database` over PostgREST; it opens no connection before its first call. */
export function createSupabaseDatabase(options: SupabaseOptions): Database {
  const call = createCaller(options);
  return {
    ...createIntakeDatabase(options),
    claimTurn: (conversationId) =>
      call("claim_turn", TurnClaim, { conversation_id: conversationId }),
    completeTurn: (turnId, attempt, end, work) =>
      call("complete_turn", TurnCompletion, {
        turn_id: turnId,
        attempt,
        ...("reply" in end
          ? {
            reply: toStorableJson(end.reply),
            ...(end.handOverReason ? { hand_over_reason: end.handOverReason } : {}),
          }
          : { silent_reason: end.silentReason }),
        ...workParameter(work),
      }),
    failTurn: (turnId, attempt, failure, work) =>
      call("fail_turn", TurnFailure, {
        turn_id: turnId,
        attempt,
        error_code: failure.errorCode,
        error_message: failure.errorMessage,
        is_final: failure.isFinal,
        ...workParameter(work),
      }),
    claimSend: (conversationId) =>
      call("claim_send", SendClaim, { conversation_id: conversationId }),
    recordSend: (messageId, attempt, end) =>
      call("record_send", RecordedSend, {
        message_id: messageId,
        attempt,
        outcome: end.outcome,
        ...("providerMessageId" in end
          ? { provider_message_id: end.providerMessageId, delivery_status: end.deliveryStatus }
          : { error_code: end.errorCode, error_message: toStorableJson(end.errorMessage) }),
      }),
    dispatchConversation: (conversationId) =>
      call("dispatch_conversation", Dispatched, { conversation_id: conversationId }),
    listUncertainSends: () => call("list_uncertain_sends", UncertainSends, {}),
    settleSend: ({ messageId, attempt }, readStartedAt, listed) =>
      call("settle_send", SettledSend, {
        message_id: messageId,
        attempt,
        read_started_at: readStartedAt,
        listed: toStorableJson(
          listed.map(({ dateCreated, ...rest }) => ({ ...rest, date_created: dateCreated })),
        ),
      }),
    getHealth: () => call("get_health", Health, {}),
    getMetrics: () => call("get_metrics", z.array(Metric), {}),
  };
}

function workParameter(work: TurnWork | undefined) {
  if (!work) return {};
  const { agent, failures, inputTokens, outputTokens, costMicros, toolCallCount, summary } = work;
  return {
    work: {
      ...{ agent, failures, input_tokens: inputTokens, output_tokens: outputTokens },
      ...{ cost_micros: costMicros, tool_call_count: toolCallCount },
      ...(summary && {
        summary: { text: toStorable(summary.text), up_to_seq: summary.upToSeq },
      }),
    },
  };
}
