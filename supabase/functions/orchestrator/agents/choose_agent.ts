/** Which agents answer, in which order: what the setting `AGENTS` says, made real. */
import { z } from "zod";
import type { Agent } from "./agent.ts";
import { chainAgents } from "./chain_agents.ts";
import { createOpenAIAgent, type OpenAIOptions } from "./openai.ts";
import { createRulesAgent } from "./rules.ts";

const AgentName = z.enum(["openai", "rules"]);
type AgentName = z.infer<typeof AgentName>;

/** The value of `AGENTS`: names with commas between them, or nothing for the default. */
export const AgentNames = z.string().default("").transform((list) =>
  list.split(",").map((name) => name.trim()).filter((name) => name !== "")
).pipe(z.array(AgentName));
export type AgentNames = z.infer<typeof AgentNames>;

/** What the choice depends on. */
export interface AgentConfig {
  /** From left to right; empty for "openai" when it has a key, else "rules". */
  agents: AgentNames;
  /** How to reach the model; an empty or null key means that it is not configured. */
  openai: Omit<OpenAIOptions, "apiKey"> & { apiKey: string | null };
}

/**
 * Gives back the agent that the configuration asks for, several as a chain. One that is not
 * configured is passed over. Throws an Error when none is left.
 */
export function chooseAgent({ agents, openai }: AgentConfig): Agent {
  const makers: Record<AgentName, () => Agent | null> = {
    openai: () => openai.apiKey ? createOpenAIAgent({ ...openai, apiKey: openai.apiKey }) : null,
    rules: createRulesAgent,
  };
  const wanted: AgentNames = agents.length > 0 ? agents : openai.apiKey ? ["openai"] : ["rules"];
  const [first, ...others] = wanted.flatMap((name) => makers[name]() ?? []);
  if (!first) {
    throw new Error(`Cannot choose an agent: AGENTS is "${wanted}" and OPENAI_API_KEY is not set`);
  }
  return chainAgents([first, ...others]);
}
