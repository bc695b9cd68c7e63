/** What the tasks about one customer's data share: their options, their settings, their voice. */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { type Environment, readOperatorSettings } from "../function_environment.ts";

const ENV_FILE = new URL("../../supabase/functions/.env", import.meta.url);

const OPTIONS = {
  url: { type: "string" },
  customer: { type: "string" },
  address: { type: "string" },
} as const;

export interface TaskArguments {
  /** `url`, `customer`, `address`, and what the task adds. */
  values: Partial<Record<string, string>>;
  given: Environment;
  /** Where the local stack was moved to. */
  basePort: number | undefined;
}

/** Reads the arguments and the operator's settings. Throws an Error for an unknown option. */
export async function readArguments(more: ParseArgsOptionsConfig): Promise<TaskArguments> {
  const { values } = parseArgs({
    args: Deno.args.filter((argument) => argument !== "--"),
    options: { ...OPTIONS, ...more },
  });
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, String(value)]),
    ),
    given: await readOperatorSettings(ENV_FILE),
    basePort: Number(Deno.env.get("SWITCHBOARD_PORT")) || undefined,
  };
}

/** Runs a task, whose exit code it is; what goes wrong is said in one line, with exit code 2. */
export async function runTask(task: () => Promise<number>): Promise<void> {
  try {
    Deno.exitCode = await task();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    Deno.exitCode = 2;
  }
}

export function say(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}
