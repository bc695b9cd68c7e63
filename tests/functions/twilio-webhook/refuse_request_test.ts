/** Requests that Twilio did not sign, or that no webhook is: refused, and nothing is touched. */
import assert from "node:assert/strict";
import { AUTH_TOKEN, webhookParameters } from "../../support/factories.ts";
import { type FakeWebhookDeps, FUNCTIONS_URL, webhookDeps } from "../../support/fakes.ts";
import { createApp } from "../../../supabase/functions/twilio-webhook/app.ts";
import {
  formBody,
  post,
  signatureFor,
  type WebhookRequest,
} from "../../support/webhook_request.ts";
import { sign } from "../../../supabase/functions/_shared/twilio/signature.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const parameters = webhookParameters();

async function assertRefused(
  request: WebhookRequest,
  status: number,
  code: string,
  deps: FakeWebhookDeps = webhookDeps(),
): Promise<void> {
  const response = await post(deps, request);
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error: code });
  assert.deepEqual(deps.database.calls, [], "the database was not called");
  if (status !== 404) assert.deepEqual(deps.events, [{ event: "request.refused", code }]);
}

const forged: Record<string, WebhookRequest> = {
  "another token signed": { parameters, authToken: "f".repeat(32) },
  "a parameter was changed": {
    parameters: { ...parameters, Body: "changed" },
    signature: signatureFor(parameters),
  },
  "a parameter was added": {
    parameters: { ...parameters, OptOutType: "STOP" },
    signature: signatureFor(parameters),
  },
  "another URL was signed": { parameters, signature: signatureFor(parameters, { path: "/other" }) },
  "only the internal URL was signed": {
    parameters,
    signature: sign(AUTH_TOKEN, "http://edge-runtime.supabase.com/twilio-webhook", parameters),
  },
  "the query string was not signed": {
    parameters,
    path: "/twilio-webhook?tenant=1",
    signature: signatureFor(parameters),
  },
  "the signature is no base64": { parameters, signature: "\u00ff no signature" },
};

for (const [reason, request] of Object.entries(forged)) {
  Deno.test(`POST /twilio-webhook answers 403 when ${reason}`, async () => {
    await assertRefused(request, 403, "signature_invalid");
  });
}

Deno.test("POST /twilio-webhook answers 403 when there is no signature", async () => {
  await assertRefused({ signature: null }, 403, "signature_missing");
  await assertRefused({ signature: "" }, 403, "signature_missing");
});

Deno.test("POST /twilio-webhook answers 403 to an empty token's signature", async () => {
  const deps = webhookDeps({ twilioAuthTokens: [AUTH_TOKEN, ""] });
  await assertRefused({ authToken: "" }, 403, "signature_invalid", deps);
});

Deno.test("POST /twilio-webhook accepts the second token during a rotation", async () => {
  const deps = webhookDeps({ twilioAuthTokens: ["f".repeat(32), AUTH_TOKEN] });
  await assertSilentTwiml(await post(deps));
  await assertSilentTwiml(await post(deps, { authToken: "f".repeat(32) }));
  assert.equal(deps.database.state.messages.length, 2);
});

Deno.test("POST /twilio-webhook accepts a signed query string in its URL", async () => {
  const deps = webhookDeps();
  await assertSilentTwiml(await post(deps, { path: "/twilio-webhook?tenant=1&x=%C3%A4%20b" }));
  assert.deepEqual(deps.database.calls, ["ingestInboundMessage"]);
});

Deno.test("POST /twilio-webhook is signed for the configured URL, however it is reached", async () => {
  const deps = webhookDeps({ publicFunctionsUrl: "http://127.0.0.1:54321/functions/v1" });
  const signature = sign(
    AUTH_TOKEN,
    "http://127.0.0.1:54321/functions/v1/twilio-webhook",
    parameters,
  );
  await assertSilentTwiml(await post(deps, { parameters, signature }));
  const elsewhere = sign(AUTH_TOKEN, `${FUNCTIONS_URL}/twilio-webhook`, parameters);
  assert.equal((await post(deps, { parameters, signature: elsewhere })).status, 403);
});

const HOSTS: Record<string, string>[] = [
  { host: "evil.example" },
  { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
  { "x-forwarded-prefix": "/evil", "x-original-host": "evil.example", "x-forwarded-port": "8443" },
  { forwarded: "host=evil.example;proto=https", "x-original-url": "/evil", "x-rewrite-url": "/" },
];

for (const headers of HOSTS) {
  Deno.test(`POST /twilio-webhook believes no header ${Object.keys(headers).join(", ")}`, async () => {
    const evil = sign(AUTH_TOKEN, "https://evil.example/functions/v1/twilio-webhook", parameters);
    await assertRefused({ parameters, signature: evil, headers }, 403, "signature_invalid");
    await assertSilentTwiml(await post(webhookDeps(), { parameters, headers }));
  });
}

Deno.test("POST /twilio-webhook believes no host in the request's own URL", async () => {
  const url = "https://evil.example/functions/v1/twilio-webhook";
  const request = (signature: string) =>
    createApp(webhookDeps()).request(url.replace("/functions/v1", ""), {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": signature,
      },
      body: formBody(parameters),
    });
  assert.equal((await request(sign(AUTH_TOKEN, url, parameters))).status, 403);
  await assertSilentTwiml(await request(signatureFor(parameters)));
});

const types = ["application/json", "text/plain", "multipart/form-data; boundary=x", ""];
for (const contentType of [...types, "application/x-www-form-urlencodedx"]) {
  Deno.test(`POST /twilio-webhook answers 415 to content type "${contentType}"`, async () => {
    await assertRefused({ contentType }, 415, "content_type_unsupported");
  });
}

Deno.test("POST /twilio-webhook accepts a content type with a charset, in any case", async () => {
  const contentType = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8";
  await assertSilentTwiml(await post(webhookDeps(), { contentType }));
});

for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
  Deno.test(`${method} /twilio-webhook answers 405`, async () => {
    await assertRefused({ method }, 405, "method_not_allowed");
  });
}

for (const path of ["/", "/twilio-webhook/unknown", "/other", "/twilio-webhookx"]) {
  Deno.test(`POST ${path} answers 404`, async () => {
    await assertRefused({ path }, 404, "not_found");
  });
}
