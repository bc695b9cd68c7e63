/**
 * A short run of the fuzzer, from another seed each time: `SWITCHBOARD_FUZZ_SEED` repeats one,
 * `SWITCHBOARD_FUZZ_SECONDS` says how long. What was found once stays here as a request.
 */
import { FuzzCase } from "./fuzz_case.ts";
import { replay, runFuzz } from "./run_fuzz.ts";

const SEED = Number(Deno.env.get("SWITCHBOARD_FUZZ_SEED") ?? Date.now() % 1_000_000);
const SECONDS = Number(Deno.env.get("SWITCHBOARD_FUZZ_SECONDS") ?? 5);
const REGRESSIONS = new URL("regressions/", import.meta.url);

Deno.test("requests that once broke something are answered and kept as they should be", async () => {
  const names = Array.from(Deno.readDirSync(REGRESSIONS), ({ name }) => name).sort();
  const cases = names.map((name) => Deno.readTextFileSync(new URL(name, REGRESSIONS)));
  await replay(cases.map((text) => FuzzCase.parse(JSON.parse(text))));
});

Deno.test(`no request breaks a function, or leaves a wrong row (seed ${SEED})`, async () => {
  await runFuzz({ seed: SEED, seconds: SECONDS });
});
