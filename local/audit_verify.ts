/**
 * `deno task audit:verify`: reads the whole audit again and says what does not fit. Exit code 1
 * when something does not, 2 when the database could not be asked.
 */
import { parseArgs } from "node:util";
import { openRecord } from "./audit/audit_record.ts";
import { describeVerdict, verifyRecord } from "./audit/verify_record.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { movedBasePort, readGiven, taskEnvironment } from "./task_environment.ts";

async function main(): Promise<number> {
  const { url, json, ...asked } = readOptions();
  const whom = { projectUrl: url, basePort: movedBasePort() };
  const record = openRecord(taskEnvironment(await readGiven(), whom));
  const verdict = await verifyRecord(record, asked);
  say(json ? JSON.stringify(verdict, null, 2) : describeVerdict(verdict));
  return verdict.ok ? 0 : 1;
}

function readOptions() {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: {
      url: { type: "string" },
      conversation: { type: "string" },
      anchor: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return values;
}

await runTask(main);
