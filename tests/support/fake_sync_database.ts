/** The sync's calls of the database, kept in memory: what it told, in order. */
import type {
  Reading,
  ReadPart,
  StaleDelivery,
  Standing,
  SyncDatabase,
  SyncPlan,
} from "../../supabase/functions/twilio-sync/sync_database.ts";
import type { OthersMessage } from "../../supabase/functions/twilio-sync/others_message.ts";
import type { RecoveredMessage } from "../../supabase/functions/twilio-sync/recovered_message.ts";
import { BUSINESS } from "./factories.ts";

export interface FakeSyncDatabase extends SyncDatabase {
  plan: SyncPlan;
  /** By SID; every other one is unknown. */
  standings: Map<string, Standing>;
  stale: StaleDelivery[];
  recovered: RecoveredMessage[];
  takenOver: OthersMessage[];
  completed: (ReadPart & Pick<Reading, "businessAddress" | "direction">)[];
  refreshed: { providerMessageId: string; deliveryStatus: string; errorCode: string | null }[];
  /** The most messages that one call compared. */
  compared: number;
  since: (Date | undefined)[];
}

/** Nothing is to be read. */
export function fakeSyncDatabase(): FakeSyncDatabase {
  const fake: FakeSyncDatabase = {
    plan: { syncSince: 0, readings: [] },
    standings: new Map(),
    ...{ stale: [], recovered: [], takenOver: [], completed: [], refreshed: [] },
    ...{ compared: 0, since: [] },
    beginSync(since) {
      fake.since.push(since);
      return Promise.resolve(fake.plan);
    },
    compareMessages(listed) {
      fake.compared = Math.max(fake.compared, listed.length);
      return Promise.resolve(
        listed.map(({ sid }) => ({ sid, standing: fake.standings.get(sid) ?? "unknown" })),
      );
    },
    recoverMessage(message) {
      const isNewMessage = !fake.standings.has(message.providerMessageId);
      fake.standings.set(message.providerMessageId, "known");
      if (isNewMessage) fake.recovered.push(message);
      const id = crypto.randomUUID();
      return Promise.resolve({ conversationId: id, messageId: id, isNewMessage });
    },
    takeOverMessage(message) {
      const standing = fake.standings.get(message.providerMessageId);
      if (standing === "in_doubt") return Promise.resolve({ outcome: "in_doubt" });
      if (standing !== undefined) return Promise.resolve({ outcome: "known" });
      fake.standings.set(message.providerMessageId, "taken_over");
      fake.takenOver.push(message);
      return Promise.resolve({ outcome: "taken_over" });
    },
    completeReading({ businessAddress, direction }, part) {
      fake.completed.push({ businessAddress, direction, ...part });
      return Promise.resolve();
    },
    claimStaleDeliveries: (maximum) => Promise.resolve(fake.stale.splice(0, maximum)),
    refreshDeliveryStatus(report) {
      fake.refreshed.push(report);
      return Promise.resolve({ outcome: "recorded" });
    },
  };
  return fake;
}

/** One business address in one direction, to be read between these times. */
export function readingOf(
  readFrom: number,
  readUntil: number,
  direction: Reading["direction"] = "inbound",
): Reading {
  return { businessAddress: BUSINESS, direction, readFrom, readUntil };
}
