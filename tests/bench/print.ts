/** Prints what was measured, as tables for people. */
import { quantile, rounded } from "./figures.ts";
import type { Measured } from "./load.ts";

/** One line. */
export function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** A table with a row for each side: medians over its rounds. */
export function printTable(title: string, sides: Record<string, Measured[]>): void {
  const width = Math.max(title.length, ...Object.keys(sides).map((name) => name.length));
  const columns = ["per second", "p50 ms", "p99 ms"].map((name) => name.padStart(12)).join("");
  say(`\n${title.padEnd(width)}${columns}`);
  for (const [name, rounds] of Object.entries(sides)) {
    const median = (of: (measured: Measured) => number) =>
      String(rounded(quantile(rounds.map(of), 0.5))).padStart(12);
    say(
      `${name.padEnd(width)}${median((m) => m.perSecond)}${median((m) => m.p50)}${
        median((m) => m.p99)
      }`,
    );
  }
}
