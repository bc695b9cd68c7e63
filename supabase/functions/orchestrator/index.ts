/** Wires the orchestrator to the platform. */
import { createReport } from "../_shared/events.ts";
import { inBackground } from "../_shared/in_background.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createSupabaseDatabase } from "../_shared/supabase_database.ts";
import { sendMessage } from "../_shared/twilio/send_message.ts";
import { chooseAgent } from "./agents/choose_agent.ts";
import { createApp } from "./app.ts";
import { OrchestratorSettings } from "./settings.ts";

/** An RPC's own time-outs are shorter. Milliseconds. */
const DATABASE_TIMEOUT_MS = 8_000;
/** One answer of the model; a turn's lease is at most 60 s. Milliseconds. */
const MODEL_TIMEOUT_MS = 40_000;

const settings = readSettings(OrchestratorSettings, Deno.env.toObject());
const app = createApp({
  callerKeys: settings.callerKeys,
  database: createSupabaseDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  agent: chooseAgent({
    agents: settings.agents,
    openai: { ...settings.openai, timeoutMs: MODEL_TIMEOUT_MS },
  }),
  send: (message) => sendMessage(settings, message),
  report: createReport(printLine),
  inBackground,
  now: () => performance.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
Deno.serve(app.fetch);
