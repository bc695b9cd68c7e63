/** The calls of the database that reading Twilio's list needs, each one transaction. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "../_shared/caller.ts";
import { IngestedMessage, RecordedDelivery } from "../_shared/intake_database.ts";
import type { RecoveredMessage } from "./recovered_message.ts";
import type { OthersMessage } from "./others_message.ts";

const time = z.string().transform((text) => Date.parse(text));

/** One business address in one direction, with the times to read, by the database's clock. */
export const Reading = z.object({
  businessAddress: z.string(),
  direction: z.enum(["inbound", "outbound"]),
  readFrom: time,
  readUntil: time,
});
export type Reading = z.infer<typeof Reading>;

export const SyncPlan = z.object({ syncSince: time, readings: z.array(Reading) });
export type SyncPlan = z.infer<typeof SyncPlan>;

/** What an entry of Twilio's list is to us. `in_doubt`: it may be a send of ours under way. */
export const Comparison = z.object({
  sid: z.string(),
  standing: z.enum(["known", "taken_over", "unknown", "in_doubt"]),
});
export type Comparison = z.infer<typeof Comparison>;
export type Standing = Comparison["standing"];

export const TakenOver = z.object({
  outcome: z.enum(["taken_over", "known", "in_doubt", "unknown_customer"]),
});
export type TakenOver = z.infer<typeof TakenOver>;

export const StaleDelivery = z.object({ messageId: z.uuid(), providerMessageId: z.string() });
export type StaleDelivery = z.infer<typeof StaleDelivery>;

/** A part of a reading that is done; times in milliseconds since 1970. */
export interface ReadPart {
  from: number;
  until: number;
  /** Whether the reading came to its end with it. */
  isLast: boolean;
}

/** Every method may throw a `DatabaseError`. */
export interface SyncDatabase {
  /** What is to be read: from the cursors on, or from `since`. */
  beginSync(since: Date | undefined): Promise<SyncPlan>;
  compareMessages(
    listed: { sid: string; to: string; createdAt: number }[],
  ): Promise<Comparison[]>;
  recoverMessage(message: RecoveredMessage): Promise<IngestedMessage>;
  takeOverMessage(message: OthersMessage): Promise<TakenOver>;
  completeReading(reading: Reading, part: ReadPart): Promise<void>;
  claimStaleDeliveries(maximum: number): Promise<StaleDelivery[]>;
  refreshDeliveryStatus(
    report: { providerMessageId: string; deliveryStatus: string; errorCode: string | null },
  ): Promise<RecordedDelivery>;
}

/** A `SyncDatabase` over PostgREST. */
export function createSyncDatabase(options: SupabaseOptions): SyncDatabase {
  const call = createCaller(options);
  const at = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    beginSync: (since) => call("begin_sync", SyncPlan, since ? { since: since.toISOString() } : {}),
    compareMessages: (listed) =>
      call("compare_messages", z.array(Comparison), {
        listed: listed.map(({ sid, to, createdAt }) => ({
          ...{ sid, to_address: to, date_created: at(createdAt) },
        })),
      }),
    recoverMessage: async (message) => {
      const [ingested] = await call("ingest_inbound_message", z.array(IngestedMessage).length(1), {
        provider_message_id: message.providerMessageId,
        from_address: message.fromAddress,
        to_address: message.toAddress,
        body_text: message.bodyText,
        body_json: message.bodyJson as never,
        channel: message.channel,
        inbound_at: at(message.createdAt),
        is_recovered: true,
      });
      return ingested as IngestedMessage;
    },
    takeOverMessage: (message) =>
      call("take_over_message", TakenOver, {
        provider_message_id: message.providerMessageId,
        from_address: message.fromAddress,
        to_address: message.toAddress,
        body_text: message.bodyText,
        body_json: message.bodyJson as never,
        created_at: at(message.createdAt),
        delivery_status: message.deliveryStatus,
        channel: message.channel,
        ...(message.errorCode ? { error_code: message.errorCode } : {}),
      }),
    completeReading: async ({ businessAddress, direction }, { from, until, isLast }) => {
      await call("complete_reading", z.object({ outcome: z.string() }), {
        ...{ business_address: businessAddress, direction, is_last: isLast },
        ...{ read_from: at(from), read_until: at(until) },
      });
    },
    claimStaleDeliveries: (maximum) =>
      call("claim_stale_deliveries", z.array(StaleDelivery), { maximum }),
    refreshDeliveryStatus: ({ providerMessageId, deliveryStatus, errorCode }) =>
      call("record_delivery_status", RecordedDelivery, {
        provider_message_id: providerMessageId,
        delivery_status: deliveryStatus,
        is_refresh: true,
        ...(errorCode ? { error_code: errorCode } : {}),
      }),
  };
}
