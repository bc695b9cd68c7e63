/**
 * Runs the benchmarks, or those named: `deno task bench [-- NAMES… --short]`. Each prints a table and
 * then one line for each figure. A missed target is told, and fails nothing.
 */
import { figureLine } from "./figures.ts";
import { benchDuplicates } from "./duplicates.ts";
import { benchGrowth } from "./growth.ts";
import { benchIngest } from "./ingest.ts";
import { benchSoak } from "./soak.ts";
import { benchStart } from "./start.ts";
import { benchTurn } from "./turn.ts";
import { benchWebhook } from "./webhook.ts";
import { type BenchOptions, readOptions } from "./options.ts";
import { say } from "./print.ts";
import type { Figure } from "./figures.ts";

const BENCHMARKS: Record<string, (options: BenchOptions) => Promise<Figure[]>> = {
  ingest: benchIngest,
  webhook: benchWebhook,
  turn: benchTurn,
  growth: benchGrowth,
  start: benchStart,
  duplicates: benchDuplicates,
  soak: benchSoak,
};

try {
  const options = readOptions(Deno.args);
  const unknown = options.names.find((name) => !(name in BENCHMARKS));
  if (unknown) throw new Error(`Cannot find benchmark "${unknown}"`);
  for (const [name, bench] of Object.entries(BENCHMARKS)) {
    if (options.names.length && !options.names.includes(name)) continue;
    for (const figure of await bench(options)) say(figureLine(figure));
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  Deno.exit(2);
}
// The cluster of the stacks that were started belongs to this process, and ends with it.
Deno.exit(0);
