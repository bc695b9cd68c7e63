/** Whatever happens, Twilio gets its answer, and reports hold codes and ids alone. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { messageSid, webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";
import { anyCharacter } from "../../support/any_character.ts";

Deno.test("POST /twilio-webhook answers 200 when the database fails, and reports its code", async () => {
  const deps = webhookDeps({ acknowledgementText: "Thanks" });
  deps.database.failure = new DatabaseError("ingest_inbound_message", "57014", 500);
  const sid = messageSid();
  await assertSilentTwiml(await post(deps, { parameters: webhookParameters({ MessageSid: sid }) }));
  assert.deepEqual(deps.events, [{ event: "webhook.failed", code: "57014", messageSid: sid }]);
});

Deno.test("POST /twilio-webhook answers 200 when a rejected webhook cannot be kept", async () => {
  const deps = webhookDeps();
  deps.database.failure = new DatabaseError("record_rejected_webhook", "unreachable", 0);
  const parameters = webhookParameters({ MessageSid: undefined });
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.deepEqual(deps.events, [{ event: "webhook.failed", code: "unreachable", messageSid: "" }]);
});

Deno.test("POST /twilio-webhook answers 200 when something unforeseen is thrown", async () => {
  const deps = webhookDeps();
  deps.database.failure = new TypeError("Cannot read Body of whatsapp:+5511987654321");
  await assertSilentTwiml(await post(deps));
  assert.equal(deps.events.map((event) => "code" in event ? event.code : "").join(), "TypeError");
});

/** Long enough to be in no code or id by chance. */
const anyText = fc.string({ unit: anyCharacter, minLength: 4, maxLength: 40 })
  .map((text) => `~${text}~`);
const anyDigits = fc.stringMatching(/^[1-9][0-9]{9,14}$/);
const anyFailure = fc.constantFrom(
  undefined,
  new DatabaseError("ingest_inbound_message", "57014", 500),
  new DatabaseError("ingest_inbound_message", "23514", 400),
  new TypeError("Cannot read it"),
);

Deno.test("POST /twilio-webhook never reports what the customer wrote, nor who it was", async () => {
  await fc.assert(fc.asyncProperty(
    fc.record({ body: anyText, name: anyText, phone: anyDigits, to: anyDigits, unknown: anyText }),
    fc.constantFrom("MessageSid", "AccountSid", "From", "To", "Nothing"),
    fc.boolean(),
    anyFailure,
    async ({ body, name, phone, to, unknown }, spoiled, isSigned, failure) => {
      const deps = webhookDeps();
      deps.database.failure = failure && Object.assign(failure, { cause: `${body}${phone}` });
      const parameters = webhookParameters({
        ...{ Body: body, ProfileName: name, From: `whatsapp:+${phone}`, To: `whatsapp:+${to}` },
        ...{ NewThing: unknown, [spoiled]: `${unknown}${phone}` },
      });
      const signature = isSigned ? {} : { signature: unknown.replace(/[^ -~]/g, "") };
      const response = await post(deps, { parameters, ...signature });
      const said = JSON.stringify(deps.events) + await response.text();
      assert.equal(response.status, isSigned ? 200 : 403);
      // What the database refuses is to be kept as rejected, which is reported too.
      const isRefused = failure instanceof DatabaseError && failure.status === 400;
      assert.ok(deps.events.length === 1 || (isRefused && deps.events.length === 2));
      for (const secret of [body, name, unknown, phone, to]) {
        const escaped = JSON.stringify(secret).slice(1, -1);
        assert.ok(!said.includes(secret) && !said.includes(escaped), `${said} has ${secret}`);
      }
    },
  ));
});
