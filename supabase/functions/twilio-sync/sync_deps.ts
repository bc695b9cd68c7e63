/** What the sync works with. */
import type { Database } from "../_shared/database.ts";
import type { TwilioMessages } from "../_shared/twilio/twilio_messages.ts";
import type { SettleDeps } from "./settle_sends.ts";
import type { SyncDatabase } from "./sync_database.ts";

export interface SyncDeps extends Omit<SettleDeps, "database"> {
  database: SettleDeps["database"] & Pick<Database, "recordRejectedWebhook">;
  syncDatabase: SyncDatabase;
  twilioMessages: TwilioMessages;
  /** What our webhook itself answers in TwiML: no other system's words. */
  ownTexts: string[];
}

/** What a run has found. */
export interface Found {
  messagesRecovered: number;
  messagesRejected: number;
  messagesTakenOver: number;
  statusesRefreshed: number;
}
