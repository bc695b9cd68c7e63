/** The webhook's own ring: beside the database's, for new messages alone. */
import assert from "node:assert/strict";
import { WebhookSettings } from "../../../supabase/functions/twilio-webhook/settings.ts";
import { ringOrchestrator } from "../../../supabase/functions/twilio-webhook/ring_orchestrator.ts";
import { readSettings } from "../../../supabase/functions/_shared/settings.ts";
import { webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post } from "../../support/webhook_request.ts";

const DOOR = { url: "https://project.supabase.co/functions/v1/orchestrator", key: "a key" };

Deno.test("POST /twilio-webhook rings once for a message, however often it comes", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters();
  await post(deps, { parameters });
  await post(deps, { parameters });
  assert.deepEqual(deps.rung, [deps.database.state.messages[0]?.conversationId]);
});

Deno.test("POST /twilio-webhook rings for nothing that it rejects", async () => {
  const deps = webhookDeps();
  await post(deps, { parameters: { AccountSid: "AC0" } });
  assert.deepEqual(deps.rung, []);
});

Deno.test("ringOrchestrator() shows the key, and says which conversation and nothing else", async () => {
  const requests: Request[] = [];
  await ringOrchestrator(DOOR, "an id", (input, init) => {
    requests.push(new Request(input, init));
    return Promise.resolve(new Response(null, { status: 202 }));
  });
  const [request] = requests;
  assert.equal(request?.url, DOOR.url);
  assert.equal(request.headers.get("apikey"), "a key");
  assert.deepEqual(await request.json(), { conversationId: "an id" });
});

Deno.test("ringOrchestrator() throws when the ring was not heard", async () => {
  const refuse = () => Promise.resolve(new Response(null, { status: 403 }));
  await assert.rejects(ringOrchestrator(DOOR, "an id", refuse), /answered 403/);
});

Deno.test("the webhook rings itself only when it is told to, and then needs the key", () => {
  const environment = {
    SUPABASE_URL: "https://project.supabase.co",
    SUPABASE_SECRET_KEYS: '{"default": "sb_secret_1"}',
    TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
    TWILIO_AUTH_TOKEN: "token",
    ORCHESTRATOR_KEY: "a key",
  };
  const read = (more: Record<string, string>) =>
    readSettings(WebhookSettings, { ...environment, ...more });
  assert.equal(read({}).directRingKey, undefined);
  assert.equal(read({ DIRECT_RING: "on" }).directRingKey, "a key");
  assert.throws(
    () => read({ DIRECT_RING: "on", ORCHESTRATOR_KEY: "" }),
    /ORCHESTRATOR_KEY is missing/,
  );
  assert.throws(() => read({ DIRECT_RING: "yes" }), /DIRECT_RING is neither on nor off/);
});
