/**
 * `deno task doctor`: checks everything that goes wrong in practice, and says each time what to do.
 * Exit code 1 when something is wrong, 2 when something could not be asked.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { describeResults, exitCodeOf } from "./doctor/describe_results.ts";
import { examine } from "./doctor/examine.ts";
import { readExpectedSchema } from "./doctor/expected_schema.ts";
import { functionNames } from "./functions.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { FUNCTIONS } from "./stack.ts";
import { movedBasePort, readGiven, taskEnvironment } from "./task_environment.ts";

const MIGRATIONS = fileURLToPath(new URL("../supabase/migrations", import.meta.url));

async function main(): Promise<number> {
  const { url, "env-file": file, json, "no-alert": isQuiet } = readOptions();
  const whom = { projectUrl: url, basePort: movedBasePort() };
  const results = await examine({
    environment: taskEnvironment(await readGiven(file), whom),
    isHosted: url !== undefined,
    expected: await readExpectedSchema(MIGRATIONS),
    functions: await functionNames(FUNCTIONS),
    sendsAlert: !isQuiet,
  });
  const code = exitCodeOf(results);
  say(json ? JSON.stringify({ ok: code === 0, results }, null, 2) : describeResults(results));
  return code;
}

function readOptions() {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: {
      url: { type: "string" },
      "env-file": { type: "string" },
      "no-alert": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  return values;
}

await runTask(main);
