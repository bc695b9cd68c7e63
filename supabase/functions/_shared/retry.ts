/** Doing something again that may be done again, within a budget of time. */
import { DatabaseError } from "./errors.ts";

export interface RetryBudget {
  /** No attempt begins later than this after the first one. Milliseconds. */
  startWithinMs: number;
  /** The pause before the second attempt; each further one is twice as long. Milliseconds. */
  firstPauseMs: number;
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

/**
 * The result of the first attempt that succeeds. Only a `DatabaseError` that may pass by itself is
 * tried again; every other error is thrown at once, the last one when the budget is used up.
 */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { startWithinMs, firstPauseMs, now, wait }: RetryBudget,
): Promise<Result> {
  const startUntil = now() + startWithinMs;
  for (let pauseMs = firstPauseMs;; pauseMs *= 2) {
    try {
      return await attempt();
    } catch (error) {
      const mayPass = error instanceof DatabaseError && error.isTransient;
      if (!mayPass || now() + pauseMs >= startUntil) throw error;
    }
    await wait(pauseMs);
  }
}
