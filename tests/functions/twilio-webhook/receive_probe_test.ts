/** A probe that its operator signed comes through, and is answered by nobody. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { newProbe } from "../../../supabase/functions/_shared/twilio/probe.ts";
import { ACCOUNT_SID } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

Deno.test("POST /twilio-webhook notes a signed probe, acknowledges nothing and stores no message", async () => {
  const deps = webhookDeps({ acknowledgementText: "One moment." });
  const parameters = newProbe(ACCOUNT_SID);
  await assertSilentTwiml(await post(deps, { parameters }));
  const { state, calls } = deps.database;
  assert.deepEqual([...state.probes], [parameters["MessageSid"]]);
  assert.deepEqual([state.messages, state.conversations, state.rejected], [[], [], []]);
  assert.deepEqual(calls, ["recordProbe"]);
  const messageSid = parameters["MessageSid"];
  assert.deepEqual(deps.events, [{ event: "probe.received", messageSid, outcome: "recorded" }]);
});

Deno.test("POST /twilio-webhook refuses a probe that another token has signed", async () => {
  const deps = webhookDeps();
  const response = await post(deps, { parameters: newProbe(ACCOUNT_SID), authToken: "another" });
  assert.equal(response.status, 403);
  assert.deepEqual(deps.database.calls, []);
});

const noProbes: [what: string, change: Record<string, string>, reason: string][] = [
  ["of another account", { AccountSid: `AC${"f".repeat(32)}` }, "account_sid_unknown"],
  ["with an id that Twilio may give", { MessageSid: `SM${"1".repeat(32)}` }, "channel_unsupported"],
  ["to somebody", { To: "whatsapp:+14155238886" }, "channel_unsupported"],
];
for (const [what, change, reason] of noProbes) {
  Deno.test(`POST /twilio-webhook takes a probe ${what} for none`, async () => {
    const deps = webhookDeps();
    await assertSilentTwiml(
      await post(deps, { parameters: { ...newProbe(ACCOUNT_SID), ...change } }),
    );
    assert.deepEqual(deps.database.state.rejected.map((each) => each.reason), [reason]);
    assert.deepEqual([...deps.database.state.probes], []);
  });
}

Deno.test("POST /twilio-webhook takes a customer whose id looks like a probe's for a customer", async () => {
  const deps = webhookDeps();
  const parameters = { ...newProbe(ACCOUNT_SID), From: "whatsapp:+5511987654321" };
  await post(deps, { parameters });
  assert.deepEqual(deps.database.calls, ["ingestInboundMessage"]);
});

Deno.test("POST /twilio-webhook answers a probe also while the database is away", async () => {
  const deps = webhookDeps({ apologyText: "Sorry." });
  deps.database.failure = new DatabaseError("record_probe", "unreachable", 0);
  await assertSilentTwiml(await post(deps, { parameters: newProbe(ACCOUNT_SID) }));
  assert.deepEqual(deps.events.map(({ event }) => event), ["webhook.failed"]);
});
