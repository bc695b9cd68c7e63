/** Which agents answer, in which order: what the setting `AGENTS` says, made real. */
import * as z from "zod";
import type { Agent } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import type { AnswerBook } from "./answer_book.ts";
import type { BankingRules } from "./banking_rules.ts";
import { chainAgents } from "./chain_agents.ts";
import { createHttpAgent, type HttpAgentOptions } from "./http.ts";
import { createLangGraphAgent } from "./langgraph.ts";
import { createModel, type ModelOptions } from "./model.ts";
import { agentOfModel } from "./openai.ts";
import { createRulesAgent } from "./rules.ts";

const AgentName = z.enum(["openai", "langgraph", "http", "rules"]);
type AgentName = z.infer<typeof AgentName>;

/** The value of `AGENTS`: names with commas between them, or nothing for the default. */
export const AgentNames = z.string().default("").transform((list) =>
  list.split(",").map((name) => name.trim()).filter((name) => name !== "")
).pipe(z.array(AgentName));
export type AgentNames = z.infer<typeof AgentNames>;

/** What the choice depends on. */
export interface AgentConfig {
  /** From left to right; empty for "openai,rules" when the model has a key, else "rules". */
  agents: AgentNames;
  /** How to reach the model; an empty or null key means that it is not configured. */
  openai: Omit<ModelOptions, "apiKey"> & { apiKey: string | null };
  /** The agent service; null when there is none. */
  http: HttpAgentOptions | null;
  answers: AnswerBook;
  /** What the rules can do at the bank; null without one. */
  banking?: BankingRules | null;
}

/**
 * Gives back the agent that the configuration asks for, several as a chain. One that is not
 * configured is passed over. Throws an Error when none is left.
 */
export function chooseAgent({ agents, openai, http, answers, banking }: AgentConfig): Agent {
  const model = openai.apiKey ? createModel({ ...openai, apiKey: openai.apiKey }) : null;
  const rules = createRulesAgent(answers, banking);
  const makers: Record<AgentName, () => Agent | null> = {
    openai: () => model && agentOfModel(model),
    langgraph: () => createLangGraphAgent({ model, answers }),
    http: () => http && createHttpAgent(http),
    rules: () => rules,
  };
  const wanted: AgentNames = agents.length > 0 ? agents : model ? ["openai", "rules"] : ["rules"];
  const [first, ...others] = wanted.flatMap((name) => makers[name]() ?? []);
  if (!first) {
    const needed = "OPENAI_API_KEY or HTTP_AGENT_URL";
    throw new Error(`Cannot choose an agent: AGENTS is "${wanted}" and ${needed} is not set`);
  }
  return withinBudget(chainAgents([first, ...others]), chainAgents([rules]));
}

/** When today's tokens are used up, the rules answer, also where nobody put them into the chain. */
function withinBudget(agent: Agent, rules: Agent): Agent {
  return {
    name: agent.name,
    reply: (context) =>
      agent.reply(context).catch((error: unknown) => {
        const isOverBudget = error instanceof AgentError && error.code === "model_budget_exceeded";
        if (!isOverBudget) throw error;
        context.ledger.passOver(error.code);
        return rules.reply(context);
      }),
  };
}
