/**
 * Ringing the orchestrator without the database: pg_net rings within a millisecond when it is idle, but
 * only once a second under steady traffic. A ring is a hint, so a doubled one finds nothing to do, and
 * a lost one loses nothing.
 */

export interface OrchestratorDoor {
  url: string;
  key: string;
}

/** The orchestrator answers 202 at once. Milliseconds. */
const RING_TIMEOUT_MS = 5_000;

type Fetch = typeof globalThis.fetch;

/** Rings for a conversation. Throws an Error when the ring was not heard. */
export async function ringOrchestrator(
  { url, key }: OrchestratorDoor,
  conversationId: string,
  fetch: Fetch = globalThis.fetch,
): Promise<void> {
  // After the answer to Twilio, which must not wait for this.
  await new Promise((done) => setTimeout(done, 0));
  const response = await fetch(url, {
    method: "POST",
    headers: { apikey: key, "content-type": "application/json" },
    body: JSON.stringify({ conversationId }),
    redirect: "manual",
    signal: AbortSignal.timeout(RING_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Cannot ring: the orchestrator answered ${response.status}`);
}
