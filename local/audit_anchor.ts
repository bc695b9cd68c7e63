/**
 * `deno task audit:anchor`: writes the heads of the audit's chains to a file, to be kept where the
 * database's owner cannot change it. Exit code 1 when a chain is broken, 2 when it cannot be done.
 */
import { parseArgs } from "node:util";
import { BrokenChainError, writeAnchor } from "./audit/anchor_file.ts";
import { openRecord } from "./audit/audit_record.ts";
import { counted } from "./audit/verify_record.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { movedBasePort, readGiven, taskEnvironment } from "./task_environment.ts";

async function main(): Promise<number> {
  const { url, out = nameOfNow(), json } = readOptions();
  const whom = { projectUrl: url, basePort: movedBasePort() };
  const record = openRecord(taskEnvironment(await readGiven(), whom));
  try {
    const summary = await writeAnchor(out, record.heads());
    const { chainCount, rowCount, digest } = summary;
    say(
      json
        ? JSON.stringify({ file: out, ...summary }, null, 2)
        : `Anchored ${counted(chainCount, "chain")} with ${
          counted(rowCount, "row")
        } in ${out}\nDigest ${digest}`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof BrokenChainError)) throw error;
    say(error.message);
    return 1;
  }
}

function nameOfNow(): string {
  const now = new Date().toISOString().replace(/\.\d+/, "").replaceAll(":", "-");
  return `audit-anchor-${now}.jsonl`;
}

function readOptions() {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: {
      url: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return values;
}

await runTask(main);
