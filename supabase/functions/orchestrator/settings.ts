/** What the orchestrator needs to know before it starts. */
import { z } from "zod";
import { httpUrl, required, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";
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

const CallerSettings = z.object({
  ORCHESTRATOR_KEY: required("the key that the database sends"),
  ORCHESTRATOR_KEY_SECONDARY: z.string().optional(),
}).transform((settings) => ({
  orchestratorKeys: [settings.ORCHESTRATOR_KEY, settings.ORCHESTRATOR_KEY_SECONDARY]
    .filter((key) => key !== undefined),
}));

export const OrchestratorSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  z.intersection(AgentSettings, CallerSettings),
);
export type OrchestratorSettings = z.infer<typeof OrchestratorSettings>;
