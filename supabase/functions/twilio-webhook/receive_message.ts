/** A customer's message: parsed, recorded and acknowledged. */
import { DatabaseError, errorCode } from "../_shared/errors.ts";
import { type InboundMessage, parseInboundMessage } from "../_shared/twilio/inbound_message.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import { hasTimeLeft, persistently, type WebhookDeps } from "./deps.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** What Twilio signed, and since when it waits for the answer, by the deps' clock. */
interface ReceivedRequest extends VerifiedRequest {
  receivedAt: number;
}

/** Stores the message; a new one is acknowledged, when an acknowledgement is configured. */
export async function receiveMessage(
  deps: WebhookDeps,
  request: VerifiedRequest,
): Promise<Response> {
  const receivedAt = deps.now();
  const parsed = parseInboundMessage(request.parameters, deps.settings.twilioAccountSid);
  return parsed.ok
    ? await record(deps, parsed.message, { ...request, receivedAt })
    : await reject(deps, parsed.reason, { ...request, receivedAt });
}

async function record(
  deps: WebhookDeps,
  message: InboundMessage,
  request: ReceivedRequest,
): Promise<Response> {
  const { database, report, now, settings } = deps;
  const { receivedAt, signature } = request;
  try {
    const { conversationId, messageId, isNewMessage } = await persistently(
      deps,
      receivedAt,
      () => database.ingestInboundMessage(message, signature),
    );
    const ms = Math.round(now() - receivedAt);
    report({ event: "message.received", conversationId, messageId, isNew: isNewMessage, ms });
    return twimlResponse(isNewMessage ? settings.acknowledgementText : undefined);
  } catch (error) {
    const messageSid = message.providerMessageId;
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
    // The database is there and will not have it in this form: then it keeps it whole.
    const isAnswered = error instanceof DatabaseError && !error.isTransient;
    if (isAnswered && hasTimeLeft(deps, receivedAt)) {
      return await reject(deps, "not_storable", request);
    }
    // Twilio keeps the message in its list, from where the sync brings it.
    return twimlResponse(settings.apologyText);
  }
}

async function reject(
  deps: WebhookDeps,
  reason: string,
  { parameters, signature, receivedAt }: ReceivedRequest,
): Promise<Response> {
  try {
    const recorded = await persistently(
      deps,
      receivedAt,
      () => deps.database.recordRejectedWebhook({ reason, parameters, signature }),
    );
    deps.report({ event: "webhook.rejected", reason, ...recorded });
  } catch (error) {
    deps.report({ event: "webhook.failed", code: errorCode(error), messageSid: "" });
  }
  return twimlResponse();
}
