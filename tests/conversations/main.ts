/**
 * Plays the scripted conversations and prints a score table: `deno task conversations`, with every
 * agent on the simulators; with `-- --real`, the same scripts against the model of OPENAI_API_KEY.
 */
import { parseArgs } from "node:util";
import { type ConversationStack, runScript, startConversationStack } from "./run_script.ts";
import { type AgentName, AGENTS, readScripts, type Script } from "./script.ts";

const { values } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  options: { real: { type: "boolean", default: false } },
});
const scripts = await readScripts(new URL(".", import.meta.url).pathname);
/** Where the real model is: OpenAI, or a compatible server. */
const real = Object.fromEntries(
  ["OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_SEES_IMAGES"]
    .map((name) => [name, Deno.env.get(name) ?? ""]).filter(([, value]) => value),
);
if (values.real && !real["OPENAI_API_KEY"]) {
  say("Cannot ask a real model: OPENAI_API_KEY is not set");
  Deno.exit(2);
}

const rows: string[][] = [["script", "agent", "turns", "right", "slowest"]];
let wrong = 0;
for (const agent of values.real ? ["openai"] as const : AGENTS) {
  await using stack = await startConversationStack(agent, values.real ? real : undefined);
  for (const [name, script] of scripts) {
    if (isMeant(script, agent)) rows.push(await score(stack, name, script));
  }
}
say("");
for (const row of rows) say(row.map((cell, column) => cell.padEnd(widthOf(column))).join("  "));
say(wrong ? `${wrong} turns are not as they should be` : "all turns are as they should be");
Deno.exit(wrong ? 1 : 0);

function isMeant({ agents, real }: Script, agent: AgentName): boolean {
  return agents.includes(agent) && (real || !values.real);
}

async function score(stack: ConversationStack, name: string, script: Script): Promise<string[]> {
  const played = await runScript(stack, script);
  for (const { customer, reply, problems } of played.filter(({ problems }) => problems.length)) {
    wrong++;
    say(
      `${name}, ${stack.agent}: ${problems.join("; ")}\n  > ${
        customer.join("\n  > ")
      }\n  < ${reply}`,
    );
  }
  const right = played.filter(({ problems }) => problems.length === 0).length;
  const slowest = Math.max(...played.map(({ ms }) => ms));
  return [name, stack.agent, String(played.length), String(right), `${slowest} ms`];
}

function widthOf(column: number): number {
  return Math.max(...rows.map((row) => row[column]?.length ?? 0));
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
