/** Wires the sync to the platform. */
import { createReport } from "../_shared/events.ts";
import { inBackground } from "../_shared/in_background.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createSupabaseDatabase } from "../_shared/supabase_database.ts";
import { listMessages } from "../_shared/twilio/list_messages.ts";
import { createTwilioReader } from "../_shared/twilio/read_twilio.ts";
import { createTwilioMessages } from "../_shared/twilio/twilio_messages.ts";
import { createApp } from "./app.ts";
import { SyncSettings } from "./settings.ts";
import { createSyncDatabase } from "./sync_database.ts";

/** An RPC's own time-outs are shorter. Milliseconds. */
const DATABASE_TIMEOUT_MS = 8_000;

const settings = readSettings(SyncSettings, Deno.env.toObject());
const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const app = createApp({
  callerKeys: settings.callerKeys,
  database: createSupabaseDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  syncDatabase: createSyncDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  listMessages: (toAddress) => listMessages(settings, toAddress),
  twilioMessages: createTwilioMessages(settings, createTwilioReader(settings, wait)),
  ownTexts: settings.ownTexts,
  report: createReport(printLine),
  now: () => performance.now(),
  today: () => new Date(),
  shuffle: (items) => items.toSorted(() => Math.random() - 0.5),
  inBackground,
});
Deno.serve(app.fetch);
