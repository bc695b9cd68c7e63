/**
 * Twilio's door. One signed request is one call of the database and one answer; whatever carries a
 * valid signature gets 200, since Twilio does not come back for anything else.
 */
import type { Hono } from "hono";
import { createDoor, limitBody, refuseMethod } from "../_shared/door.ts";
import type { WebhookDeps } from "./deps.ts";
import { receiveMessage } from "./receive_message.ts";
import { receiveStatus } from "./receive_status.ts";
import { requireSignedForm, verifiedRequest } from "./verified_request.ts";

/** The webhook's routes, on any implementation of what it needs. */
export function createApp(deps: WebhookDeps): Hono {
  const app = createDoor("twilio-webhook", deps.report);

  app.post("/", requireSignedForm, limitBody, async (c) => {
    const request = await verifiedRequest(c.req.raw, deps.settings);
    return await receiveMessage(deps, request);
  });
  app.post("/status", requireSignedForm, limitBody, async (c) => {
    const request = await verifiedRequest(c.req.raw, deps.settings);
    return await receiveStatus(deps, request, c.req.query("message_id"));
  });
  app.all("/", refuseMethod);
  app.all("/status", refuseMethod);
  return app;
}
