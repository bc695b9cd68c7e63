/** The runner of these tests: `tests/main.ts`. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { denoJob } from "../runner/deno_job.ts";
import type { Job, Report, Setup } from "../runner/job.ts";
import { runJobs } from "../runner/run_jobs.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const NOTHING = { passed: 0, failed: 0, skipped: 0 };
const PASSES = 'Deno.test("it passes", () => {});';
const FAILS = 'Deno.test("it fails", () => { throw new Error("the reason"); });';

Deno.test("runJobs() runs as many at once as told, and alone what must be alone, at the end", async () => {
  await using place = await temporary();
  let [running, most] = [0, 0];
  const seen: string[] = [];
  const job = (name: string, alone: boolean): Job => ({
    alone,
    async run() {
      most = Math.max(most, ++running);
      if (alone) assert.equal(running, 1);
      await new Promise((done) => setTimeout(done, 5));
      running--;
      return { counts: NOTHING, text: name };
    },
  });
  const jobs = [job("alone", true), ...["a", "b", "c", "d"].map((name) => job(name, false))];
  await runJobs(jobs, place.setup, { atOnce: 2, onReport: ({ text }) => seen.push(text) });
  assert.equal(most, 2);
  assert.deepEqual(seen, ["a", "b", "c", "d", "alone"]);
});

Deno.test("runJobs() counts a job that throws as failed, and starts none after an interrupt", async () => {
  await using place = await temporary();
  const interrupt = new AbortController();
  const jobs: Job[] = [{
    run() {
      interrupt.abort();
      return Promise.reject(new Error("the reason"));
    },
  }, { run: () => assert.fail("it ran after the interrupt") }];
  const reports: Report[] = [];
  const setup = { ...place.setup, interrupted: interrupt.signal };
  await runJobs(jobs, setup, { atOnce: 1, onReport: (report) => reports.push(report) });
  assert.equal(reports.length, 1);
  assert.deepEqual(reports[0]?.counts, { passed: 0, failed: 1, skipped: 0 });
  assert.match(reports[0]?.text ?? "", /the reason/);
});

Deno.test("denoJob() counts the tests of all its files, and shows why one failed", async () => {
  await using place = await temporary();
  const files = [await place.write("a_test.ts", FAILS), await place.write("b_test.ts", PASSES)];
  const { counts, text } = await denoJob(files, { permissions: [] }).run(place.setup);
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(text, /the reason/);
});

Deno.test("denoJob() names the file that does not load, and runs the others", async () => {
  await using place = await temporary();
  const files = [
    await place.write("a_test.ts", 'import "./missing.ts";'),
    await place.write("b_test.ts", PASSES),
  ];
  const { counts, text } = await denoJob(files, { permissions: [] }).run(place.setup);
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(text, /FAILED \| .*a_test\.ts\n/);
  assert.match(text, /missing\.ts/);
});

async function temporary() {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_runner_" });
  const interrupted = new AbortController().signal;
  const setup: Setup = { port: 1, folder, live: false, interrupted };
  return {
    setup,
    /** Gives the path as seen from the root of the repository. */
    async write(name: string, text: string): Promise<string> {
      await Deno.writeTextFile(join(folder, name), text);
      return relative(ROOT, join(folder, name));
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
