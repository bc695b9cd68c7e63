/** Wires the webhook to the platform. */
import { createReport } from "../_shared/events.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createSupabaseDatabase } from "../_shared/supabase_database.ts";
import { createApp } from "./app.ts";
import { DATABASE_TIMEOUT_MS } from "./deps.ts";
import { WebhookSettings } from "./settings.ts";

const settings = readSettings(WebhookSettings, Deno.env.toObject());
const app = createApp({
  settings,
  database: createSupabaseDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  report: createReport(printLine),
  now: () => performance.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
Deno.serve(app.fetch);
