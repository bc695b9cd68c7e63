/** The calls of the database that agents need while they work, each one transaction. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "../_shared/caller.ts";

/** A row of cc_answers. */
export const CommonAnswer = z.object({
  topic: z.string(),
  language: z.string(),
  phrases: z.array(z.string()).min(1),
  /** `{name}` becomes the customer's name with a space before it, or nothing. */
  answer: z.string(),
  isCourtesy: z.boolean(),
  handsOver: z.boolean(),
});
export type CommonAnswer = z.infer<typeof CommonAnswer>;

/** Whether a tool with an effect may be called, and under which idempotency key. */
export const ToolCallBegin = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("started"), toolCallId: z.uuid() }),
  z.object({ outcome: z.literal("finished"), toolCallId: z.uuid(), result: z.unknown() }),
  z.object({ outcome: z.literal("lease_lost") }),
]);
export type ToolCallBegin = z.infer<typeof ToolCallBegin>;

const FinishedToolCall = z.object({ outcome: z.literal("finished"), result: z.unknown() });

/** Every method may throw a `DatabaseError`. */
export interface AgentDatabase {
  listAnswers(): Promise<CommonAnswer[]>;
  beginToolCall(
    call: { turnId: string; attempt: number; tool: string; arguments: unknown },
  ): Promise<ToolCallBegin>;
  /** Records the result and gives back the one that counts: the first. */
  finishToolCall(toolCallId: string, result: unknown): Promise<unknown>;
}

/** An `AgentDatabase` over PostgREST. What tools are given and give back keeps its own names. */
export function createAgentDatabase(options: SupabaseOptions): AgentDatabase {
  const call = createCaller(options);
  return {
    listAnswers: () => call("list_answers", z.array(CommonAnswer), {}),
    beginToolCall: async ({ turnId, attempt, tool, arguments: given }) => {
      const begin = await call("begin_tool_call", ToolCallBegin, {
        ...{ turn_id: turnId, attempt, tool },
        arguments: given as never,
      });
      return begin.outcome === "finished" ? { ...begin, result: unwrap(begin.result) } : begin;
    },
    finishToolCall: async (toolCallId, result) => {
      const wrapped = { tool_call_id: toolCallId, result: wrap(result) };
      return unwrap((await call("finish_tool_call", FinishedToolCall, wrapped)).result);
    },
  };
}

/** As text, so that the names in a result are not turned into TypeScript's spelling. */
function wrap(result: unknown): { json: string } {
  return { json: JSON.stringify(result ?? null) };
}

function unwrap(result: unknown): unknown {
  return JSON.parse(z.object({ json: z.string() }).parse(result).json);
}
