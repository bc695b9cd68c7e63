/**
 * The database as the webhook sees it. Apart from the rest of `database.ts`, since a cold start waits
 * for every schema that it makes, whether it needs it or not.
 */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "./caller.ts";
import { toStorable, toStorableJson } from "./storable_text.ts";
import type { InboundMessage } from "./twilio/inbound_message.ts";

export const RecordedProbe = z.object({ outcome: z.enum(["recorded", "already_recorded"]) });
export type RecordedProbe = z.infer<typeof RecordedProbe>;

export const IngestedMessage = z.object({
  conversationId: z.uuid(),
  messageId: z.uuid(),
  isNewMessage: z.boolean(),
});
export type IngestedMessage = z.infer<typeof IngestedMessage>;

export const RecordedRejection = z.object({ rejectedWebhookId: z.uuid(), isNew: z.boolean() });
export type RecordedRejection = z.infer<typeof RecordedRejection>;

/** What Twilio reports of one of our messages; `messageId` is ours, from the callback's URL. */
export interface DeliveryReport {
  providerMessageId: string;
  deliveryStatus: string;
  messageId: string | null;
  errorCode: string | null;
  errorMessage: string | null;
}

export const RecordedDelivery = z.object({
  outcome: z.enum(["recorded", "no_news", "unknown_message", "doubled"]),
});
export type RecordedDelivery = z.infer<typeof RecordedDelivery>;

/** Every method may throw a `DatabaseError`. */
export interface IntakeDatabase {
  ingestInboundMessage(message: InboundMessage, signature: string): Promise<IngestedMessage>;
  recordRejectedWebhook(
    rejected: { reason: string; parameters: unknown; signature: string },
  ): Promise<RecordedRejection>;
  recordProbe(messageSid: string, signature: string): Promise<RecordedProbe>;
  /** `signature` is that of the callback; what came otherwise has none. */
  recordDeliveryStatus(report: DeliveryReport, signature?: string): Promise<RecordedDelivery>;
}

/** Made once, not for each call. */
const IngestedOne = z.array(IngestedMessage).length(1).transform(only);
const RejectedOne = z.array(RecordedRejection).length(1).transform(only);

/** An `IntakeDatabase` over PostgREST; it opens no connection before its first call. */
export function createIntakeDatabase(options: SupabaseOptions): IntakeDatabase {
  const call = createCaller(options);
  return {
    ingestInboundMessage: (message, signature) =>
      call("ingest_inbound_message", IngestedOne, {
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
      call("record_rejected_webhook", RejectedOne, {
        reason,
        parameters: toStorableJson(parameters) as never,
        signature,
      }),
    recordProbe: (messageSid, signature) =>
      call("record_probe", RecordedProbe, { message_sid: messageSid, signature }),
    recordDeliveryStatus: (report, signature) =>
      call("record_delivery_status", RecordedDelivery, {
        provider_message_id: report.providerMessageId,
        delivery_status: report.deliveryStatus,
        ...(report.messageId ? { message_id: report.messageId } : {}),
        ...(report.errorCode ? { error_code: report.errorCode } : {}),
        ...(report.errorMessage ? { error_message: toStorable(report.errorMessage) } : {}),
        ...(signature ? { signature } : {}),
      }),
  };
}

function only<Item>([item]: Item[]): Item {
  return item as Item;
}
