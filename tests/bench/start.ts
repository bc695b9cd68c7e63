/**
 * What a cold start costs: from the start of a function's process to its first answer, against an
 * empty `Deno.serve`; the same from its bundle, one minified file; and how large that is. The module
 * cache is warm and every package resolved, as with a deployed function.
 */
import { functionEnvironment } from "../../local/function_environment.ts";
import { functionNames, startFunctions } from "../../local/functions.ts";
import { platformDeno } from "../../local/packages.ts";
import { FUNCTIONS, IMPORT_MAP } from "../../local/stack.ts";
import { type Figure, figureOf, quantile, rounded } from "./figures.ts";
import type { BenchOptions } from "./options.ts";
import { say } from "./print.ts";

const EMPTY = new URL("./functions", import.meta.url).pathname;
/** Nobody is there: a start reaches for nothing. */
const NOWHERE = "http://127.0.0.1:9";

export async function benchStart({ rounds }: BenchOptions): Promise<Figure[]> {
  const names = await functionNames(FUNCTIONS);
  await using bundles = await bundle(names);
  await using locks = await temporaryFolder();
  const sides: Record<string, [folder: string, name: string]> = { empty: [EMPTY, "empty"] };
  for (const name of names) {
    sides[name] = [FUNCTIONS, name];
    sides[`${name}, bundled`] = [bundles.folder, name];
  }
  const starts: Record<string, number>[] = [];
  for (let round = 0; round <= 2 * rounds; round++) {
    const times: Record<string, number> = {};
    for (const [side, [folder, name]] of Object.entries(sides)) {
      times[side] = await timeOfStart(folder, name, `${locks.path}/${side}`);
    }
    if (round > 0) starts.push(times);
  }

  say("\nstart                    first answer ms    bundle MB");
  for (const [side, [, name]] of Object.entries(sides)) {
    const time = rounded(quantile(starts.map((times) => times[side] ?? NaN), 0.5));
    say(`${side.padEnd(23)}${String(time).padStart(17)}${mb(bundles.bytes[name]).padStart(13)}`);
  }
  const over = (side: string) =>
    starts.map((times) => (times[side] ?? NaN) - (times["empty"] ?? NaN));
  return [
    figureOf("start.webhook_over_empty_ms", over("twilio-webhook"), { atMost: 80 }),
    figureOf("start.webhook_over_empty_ms.bundled", over("twilio-webhook, bundled")),
    figureOf("start.bundle_mb", [Math.max(...Object.values(bundles.bytes)) / 1e6], { atMost: 5 }),
  ];
}

/** Milliseconds until the function has answered a request, whatever it said. */
async function timeOfStart(folder: string, name: string, locks: string): Promise<number> {
  const environment = functionEnvironment(
    { gateway: NOWHERE, twilio: NOWHERE, openai: NOWHERE },
    {},
  );
  const options = {
    ...{ folder, names: [name], importMap: IMPORT_MAP, deno: await platformDeno(), locks },
    environment: () => environment,
    permissions: () => ["--allow-env", "--allow-net"],
  };
  const began = performance.now();
  const functions = await startFunctions(options);
  try {
    const response = await fetch(`${functions.originOf(name)}/${name}`);
    await response.body?.cancel();
    return performance.now() - began;
  } finally {
    await functions.stop();
  }
}

interface Bundles extends AsyncDisposable {
  /** As `supabase/functions`, but each function is one file. */
  folder: string;
  bytes: Record<string, number>;
}

/** Puts each function in one minified file. Throws what the bundler says. */
async function bundle(names: string[]): Promise<Bundles> {
  await using making = new AsyncDisposableStack();
  const folder = making.use(await temporaryFolder()).path;
  const bytes: Record<string, number> = {};
  // One after the other: the first one unpacks the bundler for all.
  for (const name of names) {
    const file = `${folder}/${name}/bundle.js`;
    await Deno.mkdir(`${folder}/${name}`);
    await writeBundle(name, file);
    await Deno.writeTextFile(`${folder}/${name}/index.ts`, 'import "./bundle.js";\n');
    bytes[name] = (await Deno.stat(file)).size;
  }
  const all = making.move();
  return { folder, bytes, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_start_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function writeBundle(name: string, file: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--minify", "--no-lock", "--import-map", IMPORT_MAP],
      ...["--output", file, `${FUNCTIONS}/${name}/index.ts`],
    ],
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot bundle ${name}: ${new TextDecoder().decode(stderr)}`);
}

function mb(bytes: number | undefined): string {
  return bytes === undefined ? "" : String(rounded(bytes / 1e6));
}
