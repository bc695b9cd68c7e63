/** The `Database` on Supabase: each method is one RPC, so each is one transaction. */
import { createClient } from "@supabase/supabase-js";
import { z } from "zod";
import {
  type Database,
  Dispatched,
  Health,
  IngestedMessage,
  Metric,
  RecordedDelivery,
  RecordedRejection,
  RecordedSend,
  SendClaim,
  SettledSend,
  TurnClaim,
  TurnCompletion,
  TurnFailure,
  type TurnWork,
  UncertainSends,
} from "./database.ts";
import type { Database as Schema } from "./database.types.ts";
import { DatabaseError } from "./errors.ts";
import { toStorable, toStorableJson } from "./storable_text.ts";

export interface SupabaseOptions {
  supabaseUrl: string;
  /** A secret key: the RPC functions are granted to `service_role` alone. */
  supabaseKey: string;
  /** The longest that one call may take, in milliseconds. */
  timeoutMs: number;
}

type Functions = Schema["public"]["Functions"];

/** A `Database` over PostgREST; it opens no connection before its first call. */
export function createSupabaseDatabase(options: SupabaseOptions): Database {
  const call = createCaller(options);
  return {
    ingestInboundMessage: (message, signature) =>
      call("ingest_inbound_message", z.array(IngestedMessage).length(1).transform(only), {
        provider_message_id: message.providerMessageId,
        from_address: message.fromAddress,
        to_address: message.toAddress,
        other_addresses: message.otherAddresses,
        body_text: message.bodyText,
        body_json: message.bodyJson,
        channel: message.channel,
        signature,
        ...(message.customerName ? { customer_name: message.customerName } : {}),
      }),
    recordRejectedWebhook: ({ reason, parameters, signature }) =>
      call("record_rejected_webhook", z.array(RecordedRejection).length(1).transform(only), {
        reason,
        parameters: toStorableJson(parameters) as never,
        signature,
      }),
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
    recordDeliveryStatus: (report, signature) =>
      call("record_delivery_status", RecordedDelivery, {
        provider_message_id: report.providerMessageId,
        delivery_status: report.deliveryStatus,
        ...(report.messageId ? { message_id: report.messageId } : {}),
        ...(report.errorCode ? { error_code: report.errorCode } : {}),
        ...(report.errorMessage ? { error_message: toStorable(report.errorMessage) } : {}),
        ...(signature ? { signature } : {}),
      }),
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

/** What one RPC function answers, by its name. */
export type Call = <Name extends keyof Functions & string, Result>(
  name: Name,
  result: z.ZodType<Result>,
  parameters: Functions[Name]["Args"],
) => Promise<Result>;

/** Calls RPC functions; what they answer is parsed, and what goes wrong is a `DatabaseError`. */
export function createCaller({ supabaseUrl, supabaseKey, timeoutMs }: SupabaseOptions): Call {
  const client = createClient<Schema>(supabaseUrl, supabaseKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  return async function call<Name extends keyof Functions & string, Result>(
    name: Name,
    result: z.ZodType<Result>,
    parameters: Functions[Name]["Args"],
  ): Promise<Result> {
    const { data, error, status } = await client.rpc(name, parameters as never)
      .abortSignal(AbortSignal.timeout(timeoutMs));
    if (error) throw new DatabaseError(name, error.code || "unreachable", status);
    const parsed = result.safeParse(toCamelCase(data));
    if (!parsed.success) throw new DatabaseError(name, "unexpected_result", status);
    return parsed.data;
  };
}

function only<Item>([item]: Item[]): Item {
  return item as Item;
}

/** SQL's words in the form of TypeScript's: `turn_id` becomes `turnId`, at every depth. */
function toCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCamelCase);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      toCamelCase(item),
    ]),
  );
}
