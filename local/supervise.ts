/** What the postmaster does for a background worker: it starts one that died anew. */
import { setTimeout as delay } from "node:timers/promises";

const RESTART_MS = 1_000;

export interface SuperviseOptions {
  /** Ends the worker, which is then not started again. */
  ended: AbortSignal;
  /** Told why a worker died. */
  onError: (error: unknown) => void;
}

/**
 * Runs `live`, and again a second after it threw, until `ended`. Resolves when the first one calls
 * `ready`, to a promise of the end of all; rejects when the first one never gets there.
 */
export async function supervise(
  live: (ready: () => void) => Promise<void>,
  { ended, onError }: SuperviseOptions,
): Promise<{ finished: Promise<void> }> {
  const first = Promise.withResolvers<void>();
  let isReady = false;
  const ready = () => {
    isReady = true;
    first.resolve();
  };
  const finished = (async () => {
    while (!ended.aborted) {
      try {
        await live(ready);
      } catch (error) {
        if (!isReady) return first.reject(error);
        if (ended.aborted) return;
        onError(error);
        await delay(RESTART_MS, undefined, { signal: ended }).catch(() => {});
      }
    }
  })();
  await first.promise;
  return { finished };
}

/** Resolves when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
