/** One question over HTTP, whose answer is its status, its text and its time. */

/** A function that starts takes some seconds. Milliseconds. */
const TIMEOUT_MS = 15_000;

export interface Answer {
  status: number;
  text: string;
  /** The answer's Date header by our own clock's count: how far the server's is ahead. Milliseconds. */
  aheadMs: number | undefined;
}

/** Undefined when nobody answers. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer | undefined> {
  const askedAt = Date.now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { redirect: "manual", ...init, signal });
    const text = await response.text();
    return { status: response.status, text, aheadMs: aheadOf(response, askedAt) };
  } catch {
    return undefined;
  }
}

/** A date has whole seconds: half of one is what it lacks on average. */
function aheadOf(response: Response, askedAt: number): number | undefined {
  const date = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : date + 500 - (askedAt + Date.now()) / 2;
}
