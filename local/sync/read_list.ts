/** Asking the sync for as long as it has more to read. */
import { z } from "zod";

/** A worker of the platform answers within its 150 s, or never. Milliseconds. */
const TIMEOUT_MS = 160_000;

export interface SyncTarget {
  /** Where the functions are: http://127.0.0.1:54321, or https://….supabase.co. */
  url: string;
  syncKey: string;
}

export const SyncAnswer = z.object({
  messagesRecovered: z.number(),
  messagesRejected: z.number(),
  messagesTakenOver: z.number(),
  statusesRefreshed: z.number(),
  isComplete: z.boolean(),
  continueFrom: z.string().nullable(),
  failures: z.array(z.string()),
});
export type SyncAnswer = z.infer<typeof SyncAnswer>;

/**
 * Has the list read from `since` on, in as many calls as it takes, and adds up what was found. Stops
 * where the sync fails or comes no further. Throws an Error when it cannot be asked.
 */
export async function readList(target: SyncTarget, since: string): Promise<SyncAnswer> {
  let total = await ask(target, since);
  while (!total.isComplete && total.continueFrom !== null && total.failures.length === 0) {
    const next = await ask(target, total.continueFrom);
    const isStuck = next.continueFrom === total.continueFrom;
    total = {
      ...next,
      messagesRecovered: total.messagesRecovered + next.messagesRecovered,
      messagesRejected: total.messagesRejected + next.messagesRejected,
      messagesTakenOver: total.messagesTakenOver + next.messagesTakenOver,
      statusesRefreshed: total.statusesRefreshed + next.statusesRefreshed,
    };
    if (isStuck) return total;
  }
  return total;
}

async function ask({ url, syncKey }: SyncTarget, since: string): Promise<SyncAnswer> {
  const response = await fetch(`${url}/functions/v1/twilio-sync`, {
    method: "POST",
    headers: { apikey: syncKey, "content-type": "application/json" },
    body: JSON.stringify({ since }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error) => {
    throw new Error(`Cannot sync: ${url} does not answer (${error.message})`);
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Cannot sync: ${url} answered ${response.status}: ${text.slice(0, 200)}`);
  }
  return SyncAnswer.parse(JSON.parse(text));
}
