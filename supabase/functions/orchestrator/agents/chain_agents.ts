/** Several agents as one: the next answers where the one before it has failed for good. */
import type { Agent, AgentContext, Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";

/**
 * Makes one agent of many, asked from left to right. An error that a later attempt may cure is
 * thrown on, so that the turn tries the better agent again before it settles for the next.
 */
export function chainAgents(agents: [Agent, ...Agent[]]): Agent {
  const [first, ...others] = agents;
  const [second, ...rest] = others;
  if (!second) return first;
  const fallback = chainAgents([second, ...rest]);
  return {
    name: `${first.name},${fallback.name}`,
    reply: async (context: AgentContext): Promise<Reply> => {
      try {
        return await first.reply(context);
      } catch (error) {
        if (error instanceof AgentError && !error.retryable) return fallback.reply(context);
        throw error;
      }
    },
  };
}
