/**
 * Runs every test, or those at the paths given, on one Postgres that is made for it and thrown
 * away: `deno run -A tests/main.ts [paths…]`. Its last line counts them all.
 */
import { failure, runJobs } from "./runner/run_jobs.ts";
import { findFiles } from "./runner/find_files.ts";
import { type Report, sum } from "./runner/job.ts";
import { plan } from "./runner/plan.ts";
import { type MigratedCluster, startMigratedCluster } from "./support/migrated_cluster.ts";

/** What runs when no path is given. */
const EVERYTHING = [
  "tests/functions",
  "supabase/tests",
  "tests/local",
  "tests/conformance",
  "tests/journeys",
  "tests/privacy",
  "tests/fuzz",
  "tests/browser",
].map((path) => new URL(`../${path}`, import.meta.url).pathname);

/** A job computes a third of the time and waits the rest. `DENO_JOBS=1` runs one at a time. */
const AT_ONCE = Number(Deno.env.get("DENO_JOBS")) || 3 * navigator.hardwareConcurrency;

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => interrupted.abort());
}

const folder = await Deno.makeTempDir({ prefix: "switchboard_results_" });
const reports: Report[] = [];
let cluster: MigratedCluster | undefined;
try {
  const jobs = plan(await findFiles(Deno.args.length ? Deno.args : EVERYTHING), say);
  cluster = await startMigratedCluster({ progress: say });
  const live = jobs.length === 1;
  await runJobs(jobs, { port: cluster.port, folder, live, interrupted: interrupted.signal }, {
    atOnce: AT_ONCE,
    onReport: tell,
  });
} catch (error) {
  tell(failure(error));
} finally {
  await cluster?.stop();
  await Deno.remove(folder, { recursive: true });
}

const { passed, failed, skipped } = sum(reports.map(({ counts }) => counts));
if (interrupted.signal.aborted) say("interrupted");
say(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
Deno.exit(failed > 0 || passed === 0 || interrupted.signal.aborted ? 1 : 0);

function tell(report: Report) {
  reports.push(report);
  say(report.text);
}

function say(text: string) {
  let rest = new TextEncoder().encode(`${text}\n`);
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}
