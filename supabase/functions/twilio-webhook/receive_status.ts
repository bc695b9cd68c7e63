/** A status callback: what became of a message of ours. */
import { errorCode, isFinalRefusal } from "../_shared/errors.ts";
import { loggedStatus, parseDeliveryReport } from "../_shared/twilio/delivery_report.ts";
import { firstValue } from "../_shared/twilio/form.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import { persistently, type WebhookDeps } from "./deps.ts";
import { keepRejected } from "./keep_rejected.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** Records the status; `messageId` is ours, from the URL that Twilio signed. */
export async function receiveStatus(
  deps: WebhookDeps,
  request: VerifiedRequest,
  messageId: string | undefined,
): Promise<Response> {
  const received = { ...request, receivedAt: deps.now() };
  if (firstValue(request.parameters, "AccountSid") !== deps.settings.twilioAccountSid) {
    await keepRejected(deps, "account_sid_unknown", received);
    return twimlResponse();
  }
  const delivery = parseDeliveryReport(request.parameters, messageId);
  if (!delivery) {
    await keepRejected(deps, "status_incomplete", received);
    return twimlResponse();
  }
  const { providerMessageId: messageSid, deliveryStatus } = delivery;
  try {
    const { outcome } = await persistently(
      deps,
      received.receivedAt,
      () => deps.database.recordDeliveryStatus(delivery, request.signature),
    );
    const status = loggedStatus(deliveryStatus);
    deps.report({ event: "status.received", messageSid, deliveryStatus: status, outcome });
  } catch (error) {
    deps.report({ event: "webhook.failed", code: errorCode(error), messageSid });
    if (isFinalRefusal(error)) await keepRejected(deps, "status_not_storable", received);
  }
  return twimlResponse();
}
