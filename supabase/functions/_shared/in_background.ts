/** Work that goes on after the answer: the platform keeps the worker alive for it. */

export type InBackground = (work: Promise<unknown>) => void;

/** Hands the promise to `EdgeRuntime.waitUntil`; in plain Deno the process itself stays. */
export function inBackground(work: Promise<unknown>): void {
  const { EdgeRuntime } = globalThis as {
    EdgeRuntime?: { waitUntil(promise: Promise<unknown>): void };
  };
  EdgeRuntime?.waitUntil(work);
}
