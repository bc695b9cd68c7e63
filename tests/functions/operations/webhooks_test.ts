/** Whether Twilio calls the right URL, for a monitor: 200, or 503 with the reasons in words. */
import assert from "node:assert/strict";
import type { Finding } from "../../../supabase/functions/_shared/twilio/webhook_check/finding.ts";
import { operations } from "./ask.ts";

const wrong: Finding = {
  ...{ level: "wrong", code: "method", source: "whatsapp:+14155238886" },
  ...{ field: "webhook.callback_method", problem: "is PUT: we take POST alone, and answer 405" },
  set: "POST",
};
const hint: Finding = {
  ...{ level: "hint", code: "status_callback", source: "whatsapp:+14155238886" },
  ...{ field: "webhook.status_callback_url", problem: "is empty", set: null },
};

Deno.test("GET /operations/webhooks answers 200 while Twilio calls us", async () => {
  const { ask, database } = operations();
  const response = await ask("/webhooks");
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { status: "ok", reasons: [], hints: [] });
  assert.deepEqual(database.calls, []);
});

Deno.test("GET /operations/webhooks answers 503 and says what to set when something is wrong", async () => {
  const { ask, twilio } = operations();
  twilio.findings = [wrong, hint];
  const response = await ask("/webhooks");
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), {
    status: "failing",
    reasons: [{
      kind: "method",
      text: "whatsapp:+14155238886: webhook.callback_method is PUT: we take POST alone, and " +
        "answer 405. Set it to POST",
    }],
    hints: [{
      kind: "status_callback",
      text: "whatsapp:+14155238886: webhook.status_callback_url is empty",
    }],
  });
});

Deno.test("GET /operations/webhooks answers 200 when things could only be better", async () => {
  const { ask, twilio } = operations();
  twilio.findings = [hint];
  assert.equal((await ask("/webhooks")).status, 200);
});

Deno.test("GET /operations/webhooks answers 503 when Twilio cannot be asked", async () => {
  const { ask, twilio } = operations();
  twilio.findings = new Error("Cannot ask Twilio: timed out");
  const response = await ask("/webhooks");
  assert.equal(response.status, 503);
  const { reasons } = await response.json();
  assert.deepEqual(reasons, [{ kind: "twilio_unreachable", text: "Cannot ask Twilio: timed out" }]);
});

Deno.test("GET /operations/webhooks asks Twilio for nobody without the key, and health never does", async () => {
  const { ask, twilio } = operations();
  assert.equal((await ask("/webhooks", { key: "another" })).status, 403);
  assert.equal((await ask("/webhooks", { method: "POST" })).status, 405);
  await ask("/health");
  await ask("/metrics");
  assert.equal(twilio.asked, 0);
});
