/**
 * Reading Twilio's REST API with patience: what may pass by itself is asked again, a few times.
 * https://www.twilio.com/docs/usage/api
 */
import type { TwilioAccount } from "./send_message.ts";

/** One request. Milliseconds. */
const TIMEOUT_MS = 10_000;
/** The first try and the pauses before the others: what lasts longer is left to the next ring. */
const PAUSES_MS = [500, 1000, 2000];

/** What Twilio did not hand out; its name is a code fit for logs, such as `twilio_429`. */
export class TwilioReadError extends Error {
  /** `status` is the HTTP status; 0 when there was no answer. */
  constructor(readonly status: number) {
    super(`Cannot read from Twilio: ${status ? `it answered ${status}` : "no answer"}`);
    this.name = status ? `twilio_${status}` : "twilio_unreachable";
  }

  get isTransient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export type ReadTwilio = (path: string) => Promise<unknown>;

/**
 * A reader of this account: gives the JSON at a path such as `/2010-04-01/…`. After too many
 * requests, 5xx or no answer it waits and asks again; throws a `TwilioReadError` in the end.
 */
export function createTwilioReader(
  account: TwilioAccount,
  wait: (ms: number) => Promise<void>,
): ReadTwilio {
  return async (path) => {
    for (const pauseMs of PAUSES_MS) {
      try {
        return await read(account, path);
      } catch (error) {
        if (!(error instanceof TwilioReadError && error.isTransient)) throw error;
      }
      // Not all at once again: up to half as long besides.
      await wait(pauseMs * (1 + Math.random() / 2));
    }
    return await read(account, path);
  };
}

async function read(account: TwilioAccount, path: string): Promise<unknown> {
  const { twilioApiUrl, twilioAccountSid, twilioAuthToken } = account;
  // The next page's path is Twilio's word: it must not lead the credentials to another host.
  if (!path.startsWith("/")) throw new TwilioReadError(400);
  try {
    const response = await fetch(twilioApiUrl + path, {
      headers: { authorization: `Basic ${btoa(`${twilioAccountSid}:${twilioAuthToken}`)}` },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return await response.json();
    await response.body?.cancel();
    throw new TwilioReadError(response.status);
  } catch (error) {
    throw error instanceof TwilioReadError ? error : new TwilioReadError(0);
  }
}
