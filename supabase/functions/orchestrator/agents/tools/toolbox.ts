/**
 * Calls tools for a model: arguments are checked before, calls are bounded in number and time, and
 * one with an effect is recorded first, so that a turn that is tried again does nothing twice.
 */
import * as z from "zod";
import type { AgentDatabase } from "../../agent_database.ts";
import type { AgentContext } from "../agent.ts";
import { AgentError } from "../agent_error.ts";
import { withinTime } from "../within_time.ts";
import type { Tool } from "./tool.ts";

/** Calls in one attempt at a turn; the model is told when they are used up. */
export const MAXIMUM_CALLS = 8;
/** One call. Milliseconds. */
const TOOL_TIMEOUT_MS = 8_000;
/** Longer results would crowd the conversation out. UTF-16 units of JSON. */
const MAXIMUM_RESULT_LENGTH = 8_000;

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema, strict: closed objects, every key required. */
  parameters: Record<string, unknown>;
}

export interface Toolbox {
  definitions: ToolDefinition[];
  /** The tools for one attempt at a turn, bound to its customer. */
  open(context: AgentContext): OpenToolbox;
}

export interface OpenToolbox {
  /**
   * Gives back what the model is told, as JSON: the result, or `{"error": …}`, which it may mend.
   * Throws an `AgentError` when an effect is in doubt, or when the turn is another's by now.
   */
  call(name: string, argumentsJson: string): Promise<string>;
}

type ToolDatabase = Pick<AgentDatabase, "beginToolCall" | "finishToolCall">;

/** A toolbox with these tools. */
export function createToolbox(
  tools: Tool[],
  database: ToolDatabase,
  timeoutMs = TOOL_TIMEOUT_MS,
): Toolbox {
  return {
    definitions: tools.map(({ name, description, parameters }) => {
      const { $schema: _, ...schema } = z.toJSONSchema(parameters);
      return { name, description, parameters: schema };
    }),
    open(context) {
      let remaining = MAXIMUM_CALLS;
      return {
        async call(name, argumentsJson) {
          context.ledger.callTool();
          const tool = tools.find((candidate) => candidate.name === name);
          if (!tool) return failure("unknown_tool");
          if (remaining-- <= 0) return failure("too_many_calls");
          const given = tool.parameters.safeParse(parseJson(argumentsJson));
          if (!given.success) return failure("invalid_arguments", z.prettifyError(given.error));
          const refused = await askGuard(tool, context, timeoutMs);
          if (refused !== null) return refused;
          const run = (idempotencyKey: string | null) =>
            withinTime(
              context.signal,
              timeoutMs,
              (signal) => tool.run(given.data, { context, idempotencyKey, signal }),
            );
          return tool.hasEffect
            ? toJson(await runOnce(database, { tool, context, given: given.data, run }))
            : await run(null).then(toJson, () => failure("tool_failed"));
        },
      };
    },
  };
}

/** What the tool's guard says in place of a result; null lets the call through. */
async function askGuard(
  tool: Tool,
  context: AgentContext,
  timeoutMs: number,
): Promise<string | null> {
  if (!tool.guard) return null;
  try {
    const ask = (signal: AbortSignal) => tool.guard?.({ context, signal }) ?? Promise.resolve(null);
    const refusal = await withinTime(context.signal, timeoutMs, ask);
    return refusal === null ? null : toJson(refusal);
  } catch (error) {
    if (error instanceof AgentError && error.code === "lease_lost") throw error;
    return failure("tool_failed"); // Nothing was called.
  }
}

/** Begins, runs and records a call with an effect; a result that is recorded is not fetched again. */
async function runOnce(
  database: ToolDatabase,
  { tool, context, given, run }: {
    tool: Tool;
    context: AgentContext;
    given: unknown;
    run: (idempotencyKey: string) => Promise<unknown>;
  },
): Promise<unknown> {
  const { turnId, attempt } = context;
  const call = { turnId, attempt, tool: tool.name, arguments: given };
  const begin = await database.beginToolCall(call).catch((cause: unknown) => {
    throw new AgentError("tool_failed", `Cannot begin ${tool.name}: no word of the database`, {
      cause,
    });
  });
  if (begin.outcome === "finished") return begin.result;
  if (begin.outcome === "lease_lost") {
    throw new AgentError("lease_lost", `Cannot call ${tool.name}: another attempt has the turn`);
  }
  try {
    return await database.finishToolCall(begin.toolCallId, await run(begin.toolCallId));
  } catch (cause) {
    // Nobody knows whether it happened. The next attempt asks again, under the same key.
    throw new AgentError("tool_failed", `Cannot tell whether ${tool.name} was done`, { cause });
  }
}

function toJson(result: unknown): string {
  const json = JSON.stringify(result ?? null);
  return json.length > MAXIMUM_RESULT_LENGTH ? failure("result_too_long") : json;
}

function failure(error: string, details?: string): string {
  return JSON.stringify(details ? { error, details } : { error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
