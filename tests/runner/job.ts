/** A part of the suite that runs beside others, and what comes of it. */
import type { Counts } from "../support/pgtap.ts";

export interface Job {
  /** Whether nothing else may run meanwhile: what it breaks or measures, others would feel. */
  alone?: boolean;
  run(setup: Setup): Promise<Report>;
}

/** What every job is given. */
export interface Setup {
  /** The port of the Postgres that all share. */
  port: number;
  /** A folder for what need not stay. */
  folder: string;
  /** Whether the job has the terminal to itself, and may write while it runs. */
  live: boolean;
  interrupted: AbortSignal;
}

export interface Report {
  counts: Counts;
  /** What the reader is shown when the job is done. */
  text: string;
}

export function sum(all: Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) {
    for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
  }
  return total;
}

/** One line about one file. */
export function line(file: string, { passed, failed, skipped }: Counts): string {
  return `${failed ? "FAILED" : "ok"} | ${passed} of ${passed + failed + skipped} | ${file}`;
}
