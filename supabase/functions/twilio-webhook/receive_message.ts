/** A customer's message: parsed, recorded and acknowledged. */
import { errorCode, isFinalRefusal, isReplay } from "../_shared/errors.ts";
import type { InboundMessage } from "../_shared/twilio/inbound_message.ts";
import { parseInboundMessage } from "../_shared/twilio/parse_inbound_message.ts";
import { probeSidOf } from "../_shared/twilio/probe.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import { hasTimeLeft, persistently, type WebhookDeps } from "./deps.ts";
import { keepRejected, type ReceivedRequest } from "./keep_rejected.ts";
import { receiveProbe } from "./receive_probe.ts";
import type { VerifiedRequest } from "./verified_request.ts";

/** Stores the message; a new one is acknowledged, when an acknowledgement is configured. */
export async function receiveMessage(
  deps: WebhookDeps,
  request: VerifiedRequest,
): Promise<Response> {
  const probeSid = probeSidOf(request.parameters, deps.settings.twilioAccountSid);
  if (probeSid) return await receiveProbe(deps, probeSid, request.signature);
  const received = { ...request, receivedAt: deps.now() };
  const parsed = parseInboundMessage(request.parameters, deps.settings.twilioAccountSid);
  if (parsed.ok) return await record(deps, parsed.message, received);
  await keepRejected(deps, parsed.reason, received);
  return twimlResponse();
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
    if (isNewMessage) deps.ring(conversationId);
    return twimlResponse(isNewMessage ? settings.acknowledgementText : undefined);
  } catch (error) {
    if (isReplay(error)) {
      report({ event: "webhook.replayed" });
      return twimlResponse();
    }
    const messageSid = message.providerMessageId;
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
    // The database is there and will not have it in this form: then it keeps it whole.
    const isKept = isFinalRefusal(error) && hasTimeLeft(deps, receivedAt) &&
      await keepRejected(deps, "not_storable", request);
    // Else Twilio keeps the message in its list, from where the sync brings it.
    return twimlResponse(isKept ? undefined : settings.apologyText);
  }
}
