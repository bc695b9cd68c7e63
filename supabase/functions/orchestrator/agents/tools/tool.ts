/** What an agent's model may call. A tool is one object; `tools/registry.ts` lists them. */
import type * as z from "zod";
import type { AgentContext } from "../agent.ts";

/** What a tool knows of the call: the conversation it is for, and no other. */
export interface ToolCall {
  /** Whose turn it is: a tool takes the customer from here, never from its arguments. */
  context: AgentContext;
  /** Goes out with the effect, so that it happens once; null for a tool without one. */
  idempotencyKey: string | null;
  /** Aborts when the tool's time is up. */
  signal: AbortSignal;
}

export interface Tool<Parameters extends z.ZodObject = z.ZodObject> {
  /** snake_case, as the model and the table know it. */
  name: string;
  /** For the model: what it does, and when to call it. */
  description: string;
  /**
   * Every key is required: what may be missing is `.nullable()`. No lengths: the API's strict
   * schemas know none.
   */
  parameters: Parameters;
  /** Whether anything outside changes. Such a call is recorded, and never made twice. */
  hasEffect: boolean;
  /**
   * Asked before each call, also before a recorded result is looked for: what it gives back is told
   * in place of the result, and nothing is called; null lets the call through.
   */
  guard?(call: Pick<ToolCall, "context" | "signal">): Promise<unknown>;
  /** Gives back what the model is told, as JSON. */
  run(parameters: z.infer<Parameters>, call: ToolCall): Promise<unknown>;
}

/** Gives `run` the type of its parameters. */
export function defineTool<Parameters extends z.ZodObject>(tool: Tool<Parameters>): Tool {
  return tool as unknown as Tool;
}
