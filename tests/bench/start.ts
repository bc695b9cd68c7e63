/**
 * What a cold start costs: from the start of a function's process to its first answer, against an
 * empty `Deno.serve`; and how large its bundle is. The module cache is warm, as a deployed bundle is.
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
  const starts: Record<string, number>[] = [];
  for (let round = 0; round <= 2 * rounds; round++) {
    const times: Record<string, number> = { empty: await timeOfStart(EMPTY, "empty") };
    for (const name of names) times[name] = await timeOfStart(FUNCTIONS, name);
    if (round > 0) starts.push(times);
  }
  const sizes: Record<string, number> = {};
  // One after the other: the first one unpacks the bundler for all.
  for (const name of names) sizes[name] = await bundleSize(name);

  say("\nstart             first answer ms    bundle MB");
  for (const name of ["empty", ...names]) {
    const time = rounded(quantile(starts.map((times) => times[name] ?? NaN), 0.5));
    say(`${name.padEnd(16)}${String(time).padStart(17)}${mb(sizes[name]).padStart(13)}`);
  }
  const over = starts.map((times) => (times["twilio-webhook"] ?? NaN) - (times["empty"] ?? NaN));
  return [
    figureOf("start.webhook_over_empty_ms", over, { atMost: 80 }),
    figureOf("start.bundle_mb", [Math.max(...Object.values(sizes)) / 1e6], { atMost: 5 }),
  ];
}

/** Milliseconds until the function has answered a request, whatever it said. */
async function timeOfStart(folder: string, name: string): Promise<number> {
  const environment = functionEnvironment(
    { gateway: NOWHERE, twilio: NOWHERE, openai: NOWHERE },
    {},
  );
  const options = {
    ...{ folder, names: [name], importMap: IMPORT_MAP, deno: await platformDeno() },
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

/** Bytes of the function in one minified file. Throws what the bundler says. */
async function bundleSize(name: string): Promise<number> {
  const output = await Deno.makeTempFile({ suffix: ".js" });
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--minify", "--no-lock", "--import-map", IMPORT_MAP],
        ...["--output", output, `${FUNCTIONS}/${name}/index.ts`],
      ],
      stderr: "piped",
    }).output();
    if (!success) throw new Error(`Cannot bundle ${name}: ${new TextDecoder().decode(stderr)}`);
    return (await Deno.stat(output)).size;
  } finally {
    await Deno.remove(output);
  }
}

function mb(bytes: number | undefined): string {
  return bytes === undefined ? "" : String(rounded(bytes / 1e6));
}
