/** Several agents as one: the next answers where the one before it has failed for good. */
import { errorCode } from "../../_shared/errors.ts";
import { checkReply } from "../check_reply.ts";
import type { Agent, AgentContext, Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import { withinTime } from "./within_time.ts";

/** What of the time an agent may use when others stand behind it: they need the rest. */
const SHARE_OF_TIME = 2 / 3;

/**
 * Makes one agent of many, asked from left to right; each reply is checked (`check_reply.ts`). An error that a later attempt may cure is
 * thrown on, so that the turn tries the better agent again before it settles for the next; on the
 * turn's last attempt there is no later one.
 */
export function chainAgents(agents: [Agent, ...Agent[]]): Agent {
  const [first, ...others] = agents;
  const [second, ...rest] = others;
  if (!second) return { name: first.name, reply: (context) => ask(first, context) };
  const next = chainAgents([second, ...rest]);
  return {
    name: `${first.name},${next.name}`,
    reply: async (context: AgentContext): Promise<Reply> => {
      const startedAt = performance.now();
      const timeMs = context.timeMs * SHARE_OF_TIME;
      try {
        return await withinTime(
          context.signal,
          timeMs,
          (signal) => ask(first, { ...context, timeMs, signal }),
        );
      } catch (error) {
        if (!stepsAside(error, context)) throw error;
        context.ledger.passOver(error instanceof AgentError ? error.code : errorCode(error));
        const usedMs = performance.now() - startedAt;
        return next.reply({ ...context, timeMs: Math.max(0, context.timeMs - usedMs) });
      }
    },
  };
}

/** What must not be sent is a failure like any other: the next agent may do better. */
async function ask(agent: Agent, context: AgentContext): Promise<Reply> {
  context.ledger.startAgent(agent.name);
  return checkReply(await agent.reply(context));
}

function stepsAside(error: unknown, { isLastAttempt, signal }: AgentContext): boolean {
  // Whoever lost the turn may not answer it by another agent either.
  if (signal.aborted || (error instanceof AgentError && error.code === "lease_lost")) return false;
  return isLastAttempt || (error instanceof AgentError && !error.retryable);
}
