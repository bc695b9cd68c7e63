/** Runs jobs beside each other: much of their time they wait. */
import type { Job, Report, Setup } from "./job.ts";

/**
 * Runs the jobs, at most `atOnce` of them at a time and in this order, then those that must be
 * alone, one after the other. A job that throws counts as failed. None starts after an interrupt.
 */
export async function runJobs(
  jobs: Job[],
  setup: Setup,
  { atOnce, onReport }: { atOnce: number; onReport: (report: Report) => void },
): Promise<void> {
  const run = async (waiting: Iterator<Job>) => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      if (setup.interrupted.aborted) return;
      onReport(await next.value.run(setup).catch(failure));
    }
  };
  const together = jobs.filter(({ alone }) => !alone).values();
  await Promise.all(Array.from({ length: atOnce }, () => run(together)));
  await run(jobs.filter(({ alone }) => alone).values());
}

export function failure(error: unknown): Report {
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { counts: { passed: 0, failed: 1, skipped: 0 }, text };
}
