/** Signed requests that are no message of ours: 200, kept whole, with the reason. */
import assert from "node:assert/strict";
import { webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post, signatureFor } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const rejected: [string, Record<string, string | string[] | undefined>][] = [
  ["message_sid_missing", { MessageSid: undefined }],
  ["message_sid_invalid", { MessageSid: "XX0123456789abcdef0123456789abcdef" }],
  ["message_sid_invalid", { MessageSid: "" }],
  ["account_sid_missing", { AccountSid: undefined }],
  ["account_sid_unknown", { AccountSid: "ACffffffffffffffffffffffffffffffff" }],
  ["from_missing", { From: undefined }],
  ["from_missing", { From: "  " }],
  ["from_too_long", { From: `whatsapp:+${"1".repeat(300)}` }],
  ["to_missing", { To: undefined }],
  ["to_too_long", { To: "1".repeat(301) }],
  ["channel_unsupported", { From: "messenger:1234567890", To: "messenger:9876543210" }],
];

for (const [reason, overrides] of rejected) {
  const [change] = Object.entries(overrides).map(([name, value]) =>
    value === undefined ? `no ${name}` : `${name} "${String(value).slice(0, 40)}"`
  );
  Deno.test(`POST /twilio-webhook keeps a webhook with ${change} as ${reason}`, async () => {
    const deps = webhookDeps();
    const parameters = webhookParameters(overrides);
    await assertSilentTwiml(await post(deps, { parameters }));
    assert.deepEqual(deps.database.state.messages, []);
    const [kept] = deps.database.state.rejected;
    const signature = signatureFor(parameters);
    assert.deepEqual([kept?.reason, kept?.parameters, kept?.signature], [
      ...[reason, parameters, signature],
    ]);
    const rejectedWebhookId = kept?.id;
    const isNew = true;
    assert.deepEqual(deps.events, [{
      event: "webhook.rejected",
      reason,
      rejectedWebhookId,
      isNew,
    }]);
  });
}

Deno.test("POST /twilio-webhook keeps an empty form that Twilio signed", async () => {
  const deps = webhookDeps();
  await assertSilentTwiml(await post(deps, { parameters: {} }));
  assert.deepEqual(deps.database.state.rejected.map(({ reason }) => reason), [
    "message_sid_missing",
  ]);
});

Deno.test("POST /twilio-webhook keeps a repeated rejected webhook once", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters({ From: undefined });
  await post(deps, { parameters });
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.equal(deps.database.state.rejected.length, 1);
  const news = deps.events.map((event) => event.event === "webhook.rejected" && event.isNew);
  assert.deepEqual(news, [true, false]);
});
