/** A scripted conversation as its file says it: who writes what, what the model answers, what must come. */
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** The agents that scripts run with; each has the rules behind it. */
export const AGENTS = ["openai", "langgraph", "http", "rules"] as const;
export type AgentName = (typeof AGENTS)[number];

const patterns = z.union([z.string(), z.array(z.string())]).transform((given) =>
  [given].flat().map((pattern) => new RegExp(pattern, "isu"))
).default([]);

/** What a reply must match and must not; regular expressions, without regard to case. */
const Expectation = z.strictObject({
  must: patterns,
  must_not: patterns,
  /** Which agent answers, when it is not the one that the script runs with. */
  answered_by: z.enum(AGENTS).optional(),
  /** Which agents fail before, each as `agent code`. */
  failures: z.array(z.string()).optional(),
  /** Whether a person handles from then on; the player answers as one, and hands back. */
  hands_over: z.boolean().optional(),
});
export type Expectation = z.infer<typeof Expectation>;

/** One answer of the simulated model: calls of a tool come before the reply. */
const ModelStep = z.union([
  z.strictObject({ call: z.string(), arguments: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    reply: z.string(),
    language: z.string().default("en"),
    intent: z.string().default("question"),
    confidence: z.number().default(0.9),
    hand_over: z.boolean().default(false),
  }),
]);
export type ModelStep = z.infer<typeof ModelStep>;

const Turn = Expectation.extend({
  /** One message, or a burst of them. */
  customer: z.union([z.string(), z.array(z.string()).min(1)]).transform((said) => [said].flat()),
  /** What the simulated model answers; without it, its own words. */
  model: z.array(ModelStep).optional(),
  /** A fault of the simulated model, as `local/openai_simulator/faults.ts` names them. */
  model_fault: z.string().optional(),
  /** What is expected of some agents beside that. */
  only: z.partialRecord(z.enum(AGENTS), Expectation).default({}),
});
export type Turn = z.infer<typeof Turn>;

const Script = z.strictObject({
  title: z.string(),
  /** With whom it runs; a script of the model's own troubles says so. */
  agents: z.array(z.enum(AGENTS)).default([...AGENTS]),
  /** Whether it also makes sense with a real model. */
  real: z.boolean().default(true),
  name: z.string().optional(),
  /** Whether the demo bank knows the customer; in what they say, {code} is the last code they got, {code 1-3} its first half. */
  bank: z.boolean().default(false),
  /** Columns of cc_settings while it runs. */
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()]))
    .default({}),
  turns: z.array(Turn).min(1),
});
export type Script = z.infer<typeof Script>;

/** Every script of the folder, by file name. Throws an Error that names a file which is no script. */
export async function readScripts(folder: string): Promise<Map<string, Script>> {
  const names = (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name))
    .filter((name) => name.endsWith(".yaml")).sort();
  return new Map(
    await Promise.all(names.map(async (name) => {
      const script = Script.safeParse(parse(await Deno.readTextFile(join(folder, name))));
      if (script.success) return [name, script.data] as const;
      throw new Error(`Cannot read script ${name}: ${z.prettifyError(script.error)}`);
    })),
  );
}
