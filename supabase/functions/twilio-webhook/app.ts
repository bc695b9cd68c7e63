/**
 * Twilio's door. One signed request is one call of the database and one answer; whatever carries a
 * valid signature gets 200, since Twilio does not come back for anything else.
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Database } from "../_shared/database.ts";
import { errorCode, RequestError } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";
import { type InboundMessage, parseInboundMessage } from "../_shared/twilio/inbound_message.ts";
import { twimlResponse } from "../_shared/twilio/twiml.ts";
import type { WebhookSettings } from "./settings.ts";
import { type VerifiedRequest, verifiedRequest } from "./verified_request.ts";

export interface WebhookDeps {
  settings: WebhookSettings;
  database: Pick<Database, "ingestInboundMessage" | "recordRejectedWebhook">;
  report: Report;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
}

/** Twilio's largest requests are a few kilobytes; nothing is read past this. Bytes. */
const MAXIMUM_BODY_BYTES = 256 * 1024;

/** The webhook's routes, on any implementation of what it needs. */
export function createApp(deps: WebhookDeps): Hono {
  const app = new Hono().basePath("/twilio-webhook");

  app.post("/", bodyLimit({ maxSize: MAXIMUM_BODY_BYTES, onError: refuseBody }), async (c) => {
    const request = await verifiedRequest(c.req.raw, deps.settings);
    const parsed = parseInboundMessage(request.parameters, deps.settings.twilioAccountSid);
    return parsed.ok
      ? await receive(deps, parsed.message, request.signature)
      : await reject(deps, parsed.reason, request);
  });
  app.all("/", () => {
    throw new RequestError("method_not_allowed", 405);
  });

  app.notFound((c) => c.json({ error: "not_found" }, 404));
  app.onError((error, c) => {
    if (!(error instanceof RequestError)) throw error;
    deps.report({ event: "webhook.refused", code: error.code });
    return c.json({ error: error.code }, error.status);
  });
  return app;
}

async function receive(
  { database, report, now, settings }: WebhookDeps,
  message: InboundMessage,
  signature: string,
): Promise<Response> {
  const startedAt = now();
  try {
    const { conversationId, messageId, isNewMessage } = await database.ingestInboundMessage(
      message,
      signature,
    );
    const ms = Math.round(now() - startedAt);
    report({ event: "message.received", conversationId, messageId, isNew: isNewMessage, ms });
    return twimlResponse(isNewMessage ? settings.acknowledgementText : undefined);
  } catch (error) {
    // Twilio keeps the message in its list, from where the sync brings it.
    const messageSid = message.providerMessageId;
    report({ event: "webhook.failed", code: errorCode(error), messageSid });
    return twimlResponse();
  }
}

async function reject(
  { database, report }: WebhookDeps,
  reason: string,
  { parameters, signature }: VerifiedRequest,
): Promise<Response> {
  try {
    const recorded = await database.recordRejectedWebhook({ reason, parameters, signature });
    report({ event: "webhook.rejected", reason, ...recorded });
  } catch (error) {
    report({ event: "webhook.failed", code: errorCode(error), messageSid: "" });
  }
  return twimlResponse();
}

function refuseBody(): never {
  throw new RequestError("body_too_large", 413);
}
