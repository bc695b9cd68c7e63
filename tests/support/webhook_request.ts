/** Requests to the webhook as Twilio makes them, and as others do. */
import { type Parameters, sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { createApp } from "../../supabase/functions/twilio-webhook/app.ts";
import type { WebhookDeps } from "../../supabase/functions/twilio-webhook/deps.ts";
import { AUTH_TOKEN, webhookParameters } from "./factories.ts";
import { FUNCTIONS_URL } from "./fakes.ts";

export interface WebhookRequest {
  parameters?: Record<string, string | string[]>;
  /** As it was typed at Twilio, from the function's name on: path and query string. */
  path?: string;
  authToken?: string;
  /** Instead of the right one; null leaves the header out. */
  signature?: string | null;
  contentType?: string;
  /** Instead of the parameters in their usual form. */
  body?: BodyInit;
  method?: string;
  headers?: Record<string, string>;
}

/** Sends one to an app on `deps`; it reaches the app as the platform passes it on. */
export async function post(deps: WebhookDeps, request: WebhookRequest = {}): Promise<Response> {
  const { parameters = webhookParameters(), path = "/twilio-webhook", method = "POST" } = request;
  const signature = request.signature === undefined
    ? signatureFor(parameters, request)
    : request.signature;
  // What the platform shows a function: an internal host, and no /functions/v1.
  return await createApp(deps).request(`http://edge-runtime.supabase.com${path}`, {
    method,
    headers: {
      "content-type": request.contentType ?? "application/x-www-form-urlencoded",
      ...(signature === null ? {} : { "x-twilio-signature": signature }),
      ...request.headers,
    },
    ...(method === "GET" ? {} : { body: request.body ?? formBody(parameters) }),
  });
}

/** What Twilio would sign. */
export function signatureFor(
  parameters: Parameters,
  { path = "/twilio-webhook", authToken = AUTH_TOKEN }: WebhookRequest = {},
): string {
  return sign(authToken, FUNCTIONS_URL + path, parameters);
}

/** The parameters as a form; a list becomes a repeated name. */
export function formBody(parameters: Record<string, string | string[]>): string {
  const pairs = Object.entries(parameters)
    .flatMap(([name, value]) => [value].flat().map((each) => [name, each]));
  return new URLSearchParams(pairs).toString();
}
