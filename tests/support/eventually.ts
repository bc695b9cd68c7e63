/** Waits for what no event tells of: a row that another process is to write. */

const EVERY_MS = 20;

/**
 * Asks until the answer is truthy and gives it. Throws after `timeoutMs`, saying that `what` did
 * not come.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | false | null | undefined>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
}
