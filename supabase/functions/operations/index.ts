/** Wires the operators' routes to the platform. */
import { createReport } from "../_shared/events.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createSupabaseDatabase } from "../_shared/supabase_database.ts";
import { createApp } from "./app.ts";
import { findings } from "./webhook_health.ts";
import { OperationsSettings } from "./settings.ts";

/** Longer than the metrics' own statement time-out. Milliseconds. */
const DATABASE_TIMEOUT_MS = 10_000;

const settings = readSettings(OperationsSettings, Deno.env.toObject());
const app = createApp({
  callerKeys: settings.callerKeys,
  database: createSupabaseDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  checkWebhooks: () => findings(settings),
  report: createReport(printLine),
});
Deno.serve(app.fetch);
