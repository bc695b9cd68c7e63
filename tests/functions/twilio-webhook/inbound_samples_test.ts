/** Webhooks as Twilio really sends them, each with the kind that it must be stored as. */
import assert from "node:assert/strict";
import samples from "../../fixtures/inbound_samples.json" with { type: "json" };
import { inboundMessage, webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const NO_TEXT = "[Media message - no text]";

/** The kind and the text of each sample, by its name. */
const EXPECTED: Record<string, [kind: string, text: string, media: number]> = {
  "text": ["text", "Oi! Vocês abrem hoje? 😀", 0],
  "image without caption": ["image", NO_TEXT, 1],
  "voice note": ["audio", NO_TEXT, 1],
  "location with label": ["location", NO_TEXT, 0],
  "quick-reply button of a template (MessageType=button)": ["button", "Confirmar", 0],
  "quick-reply button in session (MessageType=interactive)": ["button", "Cancelar", 0],
  "document (PDF) with caption": ["document", "Segue o comprovante", 1],
  "reply to one of our messages": ["text", "Perfeito", 0],
  "text with phone and BSUID": ["text", "Oi", 0],
  "STOP with Advanced Opt-Out on a Messaging Service": ["text", "STOP", 0],
};

for (const { name, params, formBody } of samples.samples) {
  Deno.test(`POST /twilio-webhook understands the sample "${name}"`, async () => {
    const deps = webhookDeps();
    const parameters = params as unknown as Record<string, string>;
    await assertSilentTwiml(await post(deps, { parameters, body: formBody }));
    const [stored] = deps.database.state.messages;
    const expected = EXPECTED[name];
    assert.ok(expected, "the sample is known here");
    assert.deepEqual([stored?.kind, stored?.bodyText, stored?.mediaTypes.length], expected);
    assert.equal(stored?.providerMessageId, parameters["MessageSid"]);
    assert.equal(deps.database.state.customers[0]?.name, "Ana Souza 🌻");
  });
}

Deno.test("POST /twilio-webhook refuses what Twilio signed for another function's URL", async () => {
  for (const { params, formBody, signature } of samples.samples) {
    const parameters = params as unknown as Record<string, string>;
    const response = await post(webhookDeps(), { parameters, body: formBody, signature });
    assert.equal(response.status, 403);
  }
});

Deno.test("POST /twilio-webhook knows a customer without a phone number by the BSUID", async () => {
  const deps = webhookDeps();
  const From = "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J";
  await assertSilentTwiml(await post(deps, { parameters: webhookParameters({ From }) }));
  const [stored] = deps.database.state.messages;
  assert.equal(stored?.fromAddress, From);
  assert.equal(deps.database.state.conversations[0]?.channel, "whatsapp");
});

Deno.test("POST /twilio-webhook takes a sender without prefix for SMS", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters({ From: "+5511987654321", To: "+14155238886" });
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.equal(deps.database.state.conversations[0]?.channel, "sms");
  const known = inboundMessage({ channel: "sms", fromAddress: "+5511987654321" });
  await deps.database.ingestInboundMessage(known, "another");
  assert.equal(deps.database.state.conversations.length, 1);
});
