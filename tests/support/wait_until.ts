/** Waiting for what another process writes into the database. */

/** How long anything on a local stack may take. Milliseconds. */
const TIMEOUT_MS = 20_000;
const INTERVAL_MS = 20;

/**
 * The first value of `look` that is neither undefined, null nor false.
 * Throws after 20 s an Error that says what was waited for.
 */
export async function waitUntil<Value>(
  what: string,
  look: () => Promise<Value | undefined | null | false>,
): Promise<Value> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const value = await look();
    if (value !== undefined && value !== null && value !== false) return value;
    await new Promise((done) => setTimeout(done, INTERVAL_MS));
  }
  throw new Error(`Waited ${TIMEOUT_MS} ms in vain for ${what}`);
}
