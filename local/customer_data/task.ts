/** What the tasks about one customer's data are told: their options and their settings. */
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { Environment } from "../function_environment.ts";
import { argumentsGiven } from "../run_task.ts";
import { movedBasePort, readGiven } from "../task_environment.ts";

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
    args: argumentsGiven(),
    options: { ...OPTIONS, ...more },
  });
  return {
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, String(value)]),
    ),
    given: await readGiven(),
    basePort: movedBasePort(),
  };
}
