/** What Twilio signed and nobody understands is kept whole, with the reason. */
import { errorCode, isReplay } from "../_shared/errors.ts";
import { persistently, type WebhookDeps } from "./deps.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** What Twilio signed, and since when it waits for the answer, by the deps' clock. */
export interface ReceivedRequest extends VerifiedRequest {
  receivedAt: number;
}

/** Keeps the request; false when even that could not be done. Never throws. */
export async function keepRejected(
  deps: WebhookDeps,
  reason: string,
  { parameters, signature, receivedAt }: ReceivedRequest,
): Promise<boolean> {
  const rejected = { reason, parameters, signature };
  try {
    const recorded = await persistently(
      deps,
      receivedAt,
      () => deps.database.recordRejectedWebhook(rejected),
    );
    deps.report({ event: "webhook.rejected", reason, ...recorded });
    return true;
  } catch (error) {
    if (isReplay(error)) {
      deps.report({ event: "webhook.replayed" });
      return true;
    }
    deps.report({ event: "webhook.failed", code: errorCode(error), messageSid: "" });
    return false;
  }
}
