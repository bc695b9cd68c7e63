/** Wires the webhook to the platform. */
import { errorCode } from "../_shared/errors.ts";
import { createReport } from "../_shared/events.ts";
import { inBackground } from "../_shared/in_background.ts";
import { createIntakeDatabase } from "../_shared/intake_database.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createApp } from "./app.ts";
import { DATABASE_TIMEOUT_MS } from "./deps.ts";
import { ringOrchestrator } from "./ring_orchestrator.ts";
import { WebhookSettings } from "./settings.ts";

const settings = readSettings(WebhookSettings, Deno.env.toObject());
const report = createReport(printLine);
const app = createApp({
  settings,
  database: createIntakeDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  ring,
  report,
  now: () => performance.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
Deno.serve(app.fetch);

function ring(conversationId: string) {
  const { directRingKey: key, supabaseUrl } = settings;
  if (!key) return;
  const door = { url: `${supabaseUrl}/functions/v1/orchestrator`, key };
  inBackground(
    ringOrchestrator(door, conversationId)
      .catch((error) => report({ event: "ring.failed", conversationId, code: errorCode(error) })),
  );
}
