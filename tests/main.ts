/**
 * Runs every test, or those at the paths given, on one Postgres that is made for it and thrown
 * away: `deno run -A tests/main.ts [paths…]`. Its last line counts them all.
 */
import { join, relative, resolve } from "node:path";
import type { DefaultPrivileges } from "../local/bootstrap.ts";
import { findChromium, installChromium } from "./browser/chromium.ts";
import {
  copyTemplate,
  createTemplate,
  type MigratedCluster,
  startMigratedCluster,
} from "./support/migrated_cluster.ts";
import { type Counts, preparePgTap, runPgTap, type TapResult } from "./support/pgtap.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const WITHOUT_NETWORK = ["--allow-read", "--allow-env"];

/** What runs when no path is given, each where it exists. */
const EVERYTHING = [
  "tests/functions",
  "supabase/tests",
  "tests/local",
  "tests/conformance",
  "tests/journeys",
  "tests/privacy",
  "tests/fuzz",
  "tests/browser",
];

const interrupted = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => interrupted.abort());
}

const temporary = await Deno.makeTempDir({ prefix: "switchboard_results_" });
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
let cluster: MigratedCluster | undefined;
try {
  cluster = await startMigratedCluster(say);
  Deno.env.set("SWITCHBOARD_TEST_POSTGRES_PORT", String(cluster.port));
  const paths = await existing(Deno.args.length ? Deno.args : EVERYTHING);
  const isIn = (folder: string) => (path: string) => `${path}/`.startsWith(`${folder}/`);
  const functions = paths.filter(isIn("tests/functions"));
  const sql = paths.filter(isIn("supabase/tests"));
  if (paths.some(isIn("tests/browser"))) await prepareBrowser();
  const others = paths.filter((path) => !functions.includes(path) && !sql.includes(path));
  if (functions.length) await runDeno(WITHOUT_NETWORK, functions);
  if (sql.length) await runSql(cluster, sql);
  if (others.length) await runDeno(["--allow-all"], others);
} catch (error) {
  total.failed++;
  say(error instanceof Error ? error.stack ?? error.message : String(error));
} finally {
  await cluster?.stop();
  await Deno.remove(temporary, { recursive: true });
}

const { passed, failed, skipped } = total;
if (interrupted.signal.aborted) say("interrupted");
say(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
Deno.exit(failed > 0 || passed === 0 || interrupted.signal.aborted ? 1 : 0);

/** Paths as seen from the root of the repository; those that the caller named must exist. */
async function existing(paths: string[]): Promise<string[]> {
  const found = paths.map((path) => relative(ROOT, resolve(Deno.args.length ? "." : ROOT, path)));
  const exists = await Promise.all(
    found.map((path) => Deno.stat(join(ROOT, path)).then(() => true, () => false)),
  );
  const missing = found.filter((_, i) => !exists[i]);
  if (Deno.args.length && missing.length) throw new Error(`Cannot find ${missing.join(", ")}`);
  return found.filter((_, i) => exists[i]);
}

/** Where Chromium is missing and cannot be installed, its tests count as skipped. */
async function prepareBrowser() {
  if (await findChromium() ?? await installChromium(say)) return;
  say("Without Chromium the tests in tests/browser are skipped");
}

async function runDeno(permissions: string[], paths: string[]) {
  if (interrupted.signal.aborted) return;
  say(`\n${paths.join(" ")}`);
  const results = join(temporary, `${crypto.randomUUID()}.xml`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...permissions, "--no-prompt", `--junit-path=${results}`, ...paths],
    cwd: ROOT,
  }).spawn();
  const end = () => child.kill("SIGTERM");
  interrupted.signal.addEventListener("abort", end);
  const { success } = await child.status;
  interrupted.signal.removeEventListener("abort", end);
  const counts = readJunit(await Deno.readTextFile(results).catch(() => ""));
  // A file that does not compile, or throws outside its tests, is in no count.
  if (!success && counts.failed === 0) counts.failed = 1;
  add(counts);
}

function readJunit(xml: string): Counts {
  const sum = (name: string, within: RegExp) =>
    [...xml.matchAll(within)]
      .map(([tag]) => Number(tag.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0))
      .reduce((a, b) => a + b, 0);
  const suites = /<testsuites [^>]*>/g;
  const failed = sum("failures", suites) + sum("errors", suites);
  const skipped = sum("disabled", /<testsuite [^>]*>/g);
  return { passed: sum("tests", suites) - failed - skipped, failed, skipped };
}

/** With the platform's default privileges of today, and with those of older projects. */
async function runSql({ port }: MigratedCluster, paths: string[]) {
  const files = (await Promise.all(paths.map(sqlFiles))).flat().sort();
  for (const rights of ["2026", "older"] as const) {
    if (interrupted.signal.aborted || files.length === 0) return;
    say(`\n${paths.join(" ")} (default privileges: ${rights})`);
    if (rights === "older") await createTemplate(port, rights);
    add(await runSqlUnder(rights, port, files));
  }
}

async function runSqlUnder(rights: DefaultPrivileges, port: number, files: string[]) {
  await using database = await copyTemplate(port, rights);
  await preparePgTap(database.url());
  return await runPgTap(database.url(), files, reportFile);
}

async function sqlFiles(path: string): Promise<string[]> {
  const absolute = join(ROOT, path);
  if ((await Deno.stat(absolute)).isFile) return [absolute];
  const entries = await Array.fromAsync(Deno.readDir(absolute));
  const nested = entries
    .filter(({ name, isDirectory }) => isDirectory || name.endsWith(".sql"))
    .map(({ name }) => sqlFiles(join(path, name)));
  return (await Promise.all(nested)).flat();
}

function reportFile(file: string, { passed, failed, skipped, problems }: TapResult) {
  say(`${failed ? "FAILED" : "ok"} | ${passed} of ${passed + failed + skipped} | ${file}`);
  for (const problem of problems) say(`  ${problem.replaceAll("\n", "\n  ")}`);
}

function add(counts: Counts) {
  for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
}

function say(text: string) {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
