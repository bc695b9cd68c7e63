/** Load: as many workers as told, each doing one thing after the other until the time is over. */
import { quantile } from "./figures.ts";

export interface Load {
  /** How many do it at once. */
  workers: number;
  /** How long; what has begun is finished. Milliseconds. */
  forMs: number;
}

export interface Measured {
  /** Finished per second. */
  perSecond: number;
  count: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Runs `once` under this load; it is told which worker it is. Throws what `once` throws. */
export async function underLoad(
  { workers, forMs }: Load,
  once: (worker: number) => Promise<unknown>,
): Promise<Measured> {
  const times: number[] = [];
  const began = performance.now();
  const until = began + forMs;
  await Promise.all(Array.from({ length: workers }, async (_, worker) => {
    for (let from = performance.now(); from < until;) {
      await once(worker);
      const now = performance.now();
      times.push(now - from);
      from = now;
    }
  }));
  const seconds = (performance.now() - began) / 1000;
  return {
    perSecond: times.length / seconds,
    count: times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

/**
 * Measures the sides in turn, again and again, so that whatever else the machine does meets all of
 * them; in every other round in the opposite order. A first round warms up and does not count.
 */
export async function alternate<Side extends string>(
  rounds: number,
  sides: Record<Side, () => Promise<Measured>>,
): Promise<Record<Side, Measured>[]> {
  const results: Record<Side, Measured>[] = [];
  for (let round = 0; round <= rounds; round++) {
    const order = Object.keys(sides) as Side[];
    if (round % 2) order.reverse();
    const result = {} as Record<Side, Measured>;
    for (const side of order) result[side] = await sides[side]();
    if (round > 0) results.push(result);
  }
  return results;
}
