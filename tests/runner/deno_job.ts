/**
 * Runs test files in one `deno test`, which loads what they share once: with a process or a worker
 * for each file, loading takes longer than testing. Types are checked by `deno task check`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PORT_VARIABLE } from "../support/migrated_cluster.ts";
import { type Job, line, type Report, type Setup, sum } from "./job.ts";
import { readJunit } from "./read_junit.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** `files` as seen from the root of the repository. `ready` resolves when they may start. */
export function denoJob(
  files: string[],
  { permissions, alone = false, ready }: {
    permissions: string[];
    alone?: boolean;
    ready?: Promise<unknown>;
  },
): Job {
  return {
    alone,
    async run(setup) {
      await ready;
      const report = await runFiles(files, permissions, setup);
      if (report.hasRun || files.length === 1 || setup.interrupted.aborted) return report;
      // One of them does not load. The others shall be heard, and it shall be named.
      const reports = [];
      for (const file of files) reports.push(await runFiles([file], permissions, setup));
      return {
        counts: sum(reports.map(({ counts }) => counts)),
        text: reports.map(({ text }) => text).join("\n"),
      };
    },
  };
}

async function runFiles(
  files: string[],
  permissions: string[],
  setup: Setup,
): Promise<Report & { hasRun: boolean }> {
  const name = crypto.randomUUID();
  const results = join(setup.folder, `${name}.xml`);
  const { success, output } = await denoTest([
    ...permissions,
    ...["--no-check", "--no-prompt", `--junit-path=${results}`],
    files.length === 1 ? files[0]! : await writeEntry(join(setup.folder, `${name}_test.ts`), files),
  ], setup);
  const suites = readJunit(await Deno.readTextFile(results).catch(() => ""));
  const counts = sum(suites.map(({ counts }) => counts));
  const hasRun = suites.length > 0;
  // A file that does not load, or throws outside its tests, is in no count.
  if (!success && counts.failed === 0) counts.failed = 1;
  const text = counts.failed
    ? `\nFAILED | ${files.join(" ")}\n${output}`
    // A test that a helper defines stands, for Deno, in the helper's file.
    : files.length === 1
    ? line(files[0]!, counts)
    : suites.map(({ file, counts }) => line(file, counts)).join("\n");
  return { counts, text, hasRun };
}

async function writeEntry(path: string, files: string[]): Promise<string> {
  const imports = files.map((file) => `import "${pathToFileURL(join(ROOT, file))}";\n`);
  await Deno.writeTextFile(path, imports.join(""));
  return path;
}

async function denoTest(args: string[], { port, live, interrupted }: Setup) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", ...args],
    cwd: ROOT,
    env: { [PORT_VARIABLE]: String(port) },
    stdin: "null",
    stdout: live ? "inherit" : "piped",
    stderr: live ? "inherit" : "piped",
  }).spawn();
  const end = () => child.kill("SIGTERM");
  interrupted.addEventListener("abort", end);
  const output = live ? "" : await readBoth(child);
  const { success } = await child.status;
  interrupted.removeEventListener("abort", end);
  return { success, output };
}

/** What comes on stdout and stderr, in the order in which it comes. */
async function readBoth({ stdout, stderr }: Deno.ChildProcess): Promise<string> {
  const pieces: string[] = [];
  const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) pieces.push(piece);
  };
  await Promise.all([read(stdout), read(stderr)]);
  return pieces.join("");
}
