/** What the orchestrator needs to know before it starts. */
import { z } from "zod";
import { callerKeys, httpUrl, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";
import { AgentNames } from "./agents/choose_agent.ts";

const AgentSettings = z.object({
  AGENTS: AgentNames,
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  OPENAI_MODEL: z.string().default("gpt-5-mini"),
}).transform((settings) => ({
  agents: settings.AGENTS,
  openai: {
    apiKey: settings.OPENAI_API_KEY ?? null,
    baseUrl: settings.OPENAI_BASE_URL,
    model: settings.OPENAI_MODEL,
  },
}));

export const OrchestratorSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  z.intersection(AgentSettings, callerKeys("ORCHESTRATOR_KEY")),
);
export type OrchestratorSettings = z.infer<typeof OrchestratorSettings>;
