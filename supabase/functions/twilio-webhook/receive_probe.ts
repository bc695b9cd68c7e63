/** A probe of `deno task doctor`: noted, and answered with silence. */
import { errorCode } from "../_shared/errors.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import type { WebhookDeps } from "./deps.ts";

/** Notes that it came through; that it did not is seen by whoever sent it. */
export async function receiveProbe(
  { database, report }: WebhookDeps,
  messageSid: string,
  signature: string,
): Promise<Response> {
  try {
    const { outcome } = await database.recordProbe(messageSid, signature);
    report({ event: "probe.received", messageSid, outcome });
  } catch (error) {
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
  }
  return twimlResponse();
}
