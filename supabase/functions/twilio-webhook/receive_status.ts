/** A status callback: what became of a message of ours. */
import { errorCode } from "../_shared/errors.ts";
import { parseDeliveryReport } from "../_shared/twilio/delivery_report.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import { persistently, type WebhookDeps } from "./deps.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** Records the status; `messageId` is ours, from the URL that Twilio signed. */
export async function receiveStatus(
  deps: WebhookDeps,
  { parameters, signature }: VerifiedRequest,
  messageId: string | undefined,
): Promise<Response> {
  const { database, report } = deps;
  const receivedAt = deps.now();
  const delivery = parseDeliveryReport(parameters, messageId);
  try {
    if (delivery) {
      const { outcome } = await persistently(
        deps,
        receivedAt,
        () => database.recordDeliveryStatus(delivery),
      );
      const { providerMessageId: messageSid, deliveryStatus } = delivery;
      report({ event: "status.received", messageSid, deliveryStatus, outcome });
    } else {
      const reason = "status_incomplete";
      const rejected = { reason, parameters, signature };
      const recorded = await persistently(
        deps,
        receivedAt,
        () => database.recordRejectedWebhook(rejected),
      );
      report({ event: "webhook.rejected", reason, ...recorded });
    }
  } catch (error) {
    const messageSid = delivery?.providerMessageId ?? "";
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
  }
  return twimlResponse();
}
