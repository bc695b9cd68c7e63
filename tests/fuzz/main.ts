/**
 * `deno task fuzz [--minutes 5] [--seed N]` throws requests at a stack of its own; `--replay FILE`
 * sends the one request again that a run has left in a file.
 */
import { parseArgs } from "node:util";
import { FuzzCase } from "./fuzz_case.ts";
import { Finding } from "./fuzz_stack.ts";
import { replay, runFuzz } from "./run_fuzz.ts";

const { values } = parseArgs({
  args: Deno.args.filter((argument) => argument !== "--"),
  options: {
    minutes: { type: "string", default: "5" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    replay: { type: "string" },
  },
});
const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
if (!Number.isInteger(seed) || !(minutes > 0)) {
  say("Cannot start: --seed is a whole number, --minutes a number above 0");
  Deno.exit(2);
}

try {
  if (values.replay) {
    await replay([FuzzCase.parse(JSON.parse(await Deno.readTextFile(values.replay)))]);
    say("nothing found");
  } else {
    say(`seed ${seed}, ${minutes} minutes`);
    say(`${await runFuzz({ seed, seconds: minutes * 60, say })} requests, nothing found`);
  }
  Deno.exit(0);
} catch (error) {
  if (!(error instanceof Finding)) throw error;
  say(`FOUND with seed ${seed}: ${error.message}`);
  if (error.fuzzCase) {
    const file = await Deno.makeTempFile({ prefix: `fuzz_${seed}_`, suffix: ".json" });
    await Deno.writeTextFile(file, JSON.stringify(error.fuzzCase, null, 2));
    say(`send it again: deno task fuzz --replay ${file}`);
  }
  Deno.exit(1);
}

function say(line: string) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
