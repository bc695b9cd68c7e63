/** Wires the orchestrator to the platform. */
import { createReport } from "../_shared/events.ts";
import { inBackground } from "../_shared/in_background.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createSupabaseDatabase } from "../_shared/supabase_database.ts";
import { sendMessage } from "../_shared/twilio/send_message.ts";
import { createAgentDatabase } from "./agent_database.ts";
import { createAnswerBook } from "./agents/answer_book.ts";
import { createBankingRules } from "./agents/banking_rules.ts";
import { chooseAgent } from "./agents/choose_agent.ts";
import { allTools } from "./agents/tools/registry.ts";
import { createToolbox } from "./agents/tools/toolbox.ts";
import { createApp } from "./app.ts";
import { createBanking } from "./bank/create_banking.ts";
import { createReadMedia } from "./read_media.ts";
import { OrchestratorSettings } from "./settings.ts";

/** An RPC's own time-outs are shorter. Milliseconds. */
const DATABASE_TIMEOUT_MS = 8_000;
/** One picture for the model. Milliseconds. */
const MEDIA_TIMEOUT_MS = 5_000;
/** One answer of the model, its tools included; a turn's lease is at most 60 s. Milliseconds. */
const MODEL_TIMEOUT_MS = 40_000;

const settings = readSettings(OrchestratorSettings, Deno.env.toObject());
const supabase = { ...settings, timeoutMs: DATABASE_TIMEOUT_MS };
const agentDatabase = createAgentDatabase(supabase);
const answers = createAnswerBook(() => agentDatabase.listAnswers());
const readMedia = createReadMedia({ ...settings, timeoutMs: MEDIA_TIMEOUT_MS });
const banking = createBanking(settings, supabase);
const toolbox = createToolbox(allTools({ answers, banking }), agentDatabase);
const app = createApp({
  callerKeys: settings.callerKeys,
  database: createSupabaseDatabase(supabase),
  agent: chooseAgent({
    agents: settings.agents,
    openai: {
      ...settings.openai,
      timeoutMs: MODEL_TIMEOUT_MS,
      toolbox,
      readMedia: settings.seesImages ? readMedia : undefined,
    },
    http: settings.http,
    answers,
    banking: banking && createBankingRules(toolbox),
  }),
  send: (message) => sendMessage(settings, message),
  report: createReport(printLine),
  inBackground,
  now: () => performance.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});
Deno.serve(app.fetch);
