/** A customer's message: parsed, recorded and acknowledged. */
import { DatabaseError, errorCode } from "../_shared/errors.ts";
import { type InboundMessage, parseInboundMessage } from "../_shared/twilio/inbound_message.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import { persistently, type WebhookDeps } from "./deps.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** Stores the message; a new one is acknowledged, when an acknowledgement is configured. */
export async function receiveMessage(
  deps: WebhookDeps,
  request: VerifiedRequest,
): Promise<Response> {
  const parsed = parseInboundMessage(request.parameters, deps.settings.twilioAccountSid);
  return parsed.ok
    ? await record(deps, parsed.message, request)
    : await reject(deps, parsed.reason, request);
}

async function record(
  deps: WebhookDeps,
  message: InboundMessage,
  request: VerifiedRequest,
): Promise<Response> {
  const { database, report, now, settings } = deps;
  const startedAt = now();
  try {
    const { conversationId, messageId, isNewMessage } = await persistently(
      deps,
      () => database.ingestInboundMessage(message, request.signature),
    );
    const ms = Math.round(now() - startedAt);
    report({ event: "message.received", conversationId, messageId, isNew: isNewMessage, ms });
    return twimlResponse(isNewMessage ? settings.acknowledgementText : undefined);
  } catch (error) {
    const messageSid = message.providerMessageId;
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
    // The database is there and will not have it in this form: then it keeps it whole.
    const isAnswered = error instanceof DatabaseError && !error.isTransient;
    if (isAnswered) return await reject(deps, "not_storable", request);
    // Twilio keeps the message in its list, from where the sync brings it.
    return twimlResponse(settings.apologyText);
  }
}

async function reject(
  deps: WebhookDeps,
  reason: string,
  { parameters, signature }: VerifiedRequest,
): Promise<Response> {
  try {
    const recorded = await persistently(
      deps,
      () => deps.database.recordRejectedWebhook({ reason, parameters, signature }),
    );
    deps.report({ event: "webhook.rejected", reason, ...recorded });
  } catch (error) {
    deps.report({ event: "webhook.failed", code: errorCode(error), messageSid: "" });
  }
  return twimlResponse();
}
