/** While the database fails: called again while that may help, and answered before Twilio gives up. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { DATABASE_TIMEOUT_MS } from "../../../supabase/functions/twilio-webhook/deps.ts";
import { messageSid, webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post, signatureFor } from "../../support/webhook_request.ts";
import { assertSilentTwiml, SILENT_TWIML } from "./assert_twiml.ts";

/** Twilio gives up after 15 s, of which a third is left for the way and a cold start. */
const ANSWERED_WITHIN_MS = 10_000;

const unreachable = () => new DatabaseError("ingest_inbound_message", "unreachable", 0);
const saysNo = () => new DatabaseError("ingest_inbound_message", "22P05", 400);
const apologyTwiml = (text: string) =>
  SILENT_TWIML.replace("<Response/>", `<Response><Message>${text}</Message></Response>`);

for (const status of [0, 500, 503]) {
  Deno.test(`POST /twilio-webhook stores the message after some failures with ${status}`, async () => {
    const deps = webhookDeps({ apologyText: "Sorry" });
    const failures = [1, 2, 3].map(() => new DatabaseError("ingest_inbound_message", "x", status));
    deps.database.failure = () => failures.shift();
    await assertSilentTwiml(await post(deps));
    assert.equal(deps.database.state.messages.length, 1);
    assert.deepEqual(deps.clock.waits, [100, 200, 400]);
    const reported = deps.events.map((event) => "ms" in event ? [event.event, event.ms] : event);
    assert.deepEqual(reported, [["message.received", 700]]);
  });
}

Deno.test("POST /twilio-webhook stores once what was stored although the answer was lost", async () => {
  const deps = webhookDeps();
  const ingest = deps.database.ingestInboundMessage;
  let calls = 0;
  deps.database.ingestInboundMessage = async (message, signature) => {
    const stored = await ingest(message, signature);
    if (++calls === 1) throw unreachable();
    return stored;
  };
  await assertSilentTwiml(await post(deps));
  assert.equal(deps.database.state.messages.length, 1);
});

Deno.test("POST /twilio-webhook apologises within 10 s when the database stays silent", async () => {
  const deps = webhookDeps({ apologyText: "Sorry & thanks", acknowledgementText: "Thanks" });
  const startedAt = deps.clock.now();
  deps.database.failure = () => (deps.clock.pass(DATABASE_TIMEOUT_MS), unreachable());
  const sid = messageSid();
  const response = await post(deps, { parameters: webhookParameters({ MessageSid: sid }) });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/xml; charset=utf-8");
  assert.equal(await response.text(), apologyTwiml("Sorry &amp; thanks"));
  assert.ok(deps.clock.now() - startedAt <= ANSWERED_WITHIN_MS);
  assert.ok(deps.database.calls.length > 1, "it was tried again");
  assert.deepEqual(deps.events, [
    { event: "webhook.failed", code: "unreachable", messageSid: sid },
  ]);
});

Deno.test("POST /twilio-webhook says nothing when no apology is configured", async () => {
  const deps = webhookDeps({ acknowledgementText: "Thanks" });
  deps.database.failure = unreachable();
  const startedAt = deps.clock.now();
  await assertSilentTwiml(await post(deps));
  const ms = deps.clock.now() - startedAt;
  assert.ok(ms > 3000 && ms <= ANSWERED_WITHIN_MS, `it gave up after ${ms} ms`);
});

Deno.test("POST /twilio-webhook apologises for no webhook that it could not understand", async () => {
  const deps = webhookDeps({ apologyText: "Sorry" });
  deps.database.failure = unreachable();
  const parameters = webhookParameters({ From: undefined });
  await assertSilentTwiml(await post(deps, { parameters }));
  const kept = deps.database.calls.every((call) => call === "recordRejectedWebhook");
  assert.ok(kept && deps.database.calls.length > 1);
});

Deno.test("POST /twilio-webhook keeps whole, at once, what the database will not have", async () => {
  const deps = webhookDeps({ apologyText: "Sorry", acknowledgementText: "Thanks" });
  deps.database.failure = (name) => name === "ingestInboundMessage" ? saysNo() : undefined;
  const sid = messageSid();
  const parameters = webhookParameters({ MessageSid: sid });
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.deepEqual(deps.database.calls, ["ingestInboundMessage", "recordRejectedWebhook"]);
  assert.deepEqual(deps.clock.waits, []);
  const [kept] = deps.database.state.rejected;
  assert.deepEqual([kept?.reason, kept?.parameters, kept?.signature], [
    ...["not_storable", parameters, signatureFor(parameters)],
  ]);
  const rejected = { reason: "not_storable", rejectedWebhookId: kept?.id, isNew: true };
  assert.deepEqual(deps.events, [
    { event: "webhook.failed", code: "22P05", messageSid: sid },
    { event: "webhook.rejected", ...rejected },
  ]);
});

Deno.test("POST /twilio-webhook tries nothing again that no database has said", async () => {
  const deps = webhookDeps({ apologyText: "Sorry" });
  deps.database.failure = new TypeError("a mistake of ours");
  const response = await post(deps);
  assert.equal(await response.text(), apologyTwiml("Sorry"));
  assert.deepEqual(deps.database.calls, ["ingestInboundMessage"]);
});

/** What one call of the database comes to, and how long it takes. */
const anyCall = fc.record({
  error: fc.constantFrom(unreachable, unreachable, unreachable, saysNo, () => undefined),
  ms: fc.integer({ min: 0, max: DATABASE_TIMEOUT_MS }),
});

/** After these, another call would begin 50 ms after the last moment for it. */
const JUST_TOO_LATE = [4000, 1750, 4000].map((ms) => ({ error: unreachable, ms }));

Deno.test("POST /twilio-webhook answers within 10 s, whatever fails and however slowly", async () => {
  const calls = fc.array(anyCall, { minLength: 1, maxLength: 12 });
  const isUnderstood = fc.boolean();
  await fc.assert(
    fc.asyncProperty(calls, isUnderstood, async (calls, isUnderstood) => {
      const deps = webhookDeps({ apologyText: "Sorry" });
      let call = calls[0];
      const rest = calls.slice(1);
      deps.database.failure = () => {
        const [now] = [call, call = rest.shift() ?? call];
        deps.clock.pass(now?.ms ?? 0);
        return now?.error();
      };
      const startedAt = deps.clock.now();
      const parameters = webhookParameters(isUnderstood ? {} : { From: undefined });
      const response = await post(deps, { parameters });
      const ms = deps.clock.now() - startedAt;
      assert.equal(response.status, 200);
      assert.ok((await response.text()).startsWith(SILENT_TWIML.replace("/>", "")));
      assert.ok(ms <= ANSWERED_WITHIN_MS, `answered after ${ms} ms`);
    }),
    { numRuns: 500, examples: [[JUST_TOO_LATE, true]] },
  );
});
