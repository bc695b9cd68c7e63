/** Twilio's faults at the press of a button. */
import assert from "node:assert/strict";
import { startReceiver } from "../support/receiver.ts";
import { BUSINESS, CUSTOMER, testSimulator, twilioFetch } from "../support/twilio.ts";

const form = { To: CUSTOMER, From: BUSINESS, Body: "Oi" };

function press(url: string, fault: unknown): Promise<Response> {
  return fetch(`${url}/simulator/faults`, { method: "POST", body: JSON.stringify(fault) });
}

Deno.test("POST /simulator/faults makes a fault strike as often as told, and lists it until then", async () => {
  await using twilio = await testSimulator();
  await (await press(twilio.url, { target: "twilio", mode: "refuse:20429", times: 2 })).body
    ?.cancel();
  const codes = [];
  for (let count = 0; count < 3; count++) {
    const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
    codes.push([answer.status, (await answer.json()).code]);
    if (count > 0) continue;
    const { targets, active } = await (await fetch(`${twilio.url}/simulator/faults`)).json();
    assert.deepEqual(active, [{ target: "twilio", mode: "refuse:20429", times: 1 }]);
    assert.ok(targets.twilio.includes("accept_then_hang") && targets.webhooks.includes("drop"));
  }
  assert.deepEqual(codes, [[429, 20429], [429, 20429], [201, undefined]]);
  assert.equal(twilio.sent().length, 1);
});

Deno.test("POST /simulator/faults refuses an unknown target, mode or value", async () => {
  await using twilio = await testSimulator();
  for (
    const fault of [
      { target: "telegram", mode: "hang" },
      { target: "twilio", mode: "explode" },
      { target: "twilio", mode: "status:high" },
      { target: "twilio", mode: "hang", times: -1 },
    ]
  ) {
    const answer = await press(twilio.url, fault);
    assert.equal(answer.status, 400, JSON.stringify(fault));
    assert.ok((await answer.json()).error);
  }
});

Deno.test("DELETE /simulator/faults takes every fault back", async () => {
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "status:500", times: 9 });
  const cleared = await fetch(`${twilio.url}/simulator/faults`, { method: "DELETE" });
  assert.deepEqual((await cleared.json()).active, []);
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
  assert.equal(answer.status, 201);
  await answer.body?.cancel();
});

Deno.test("times: 0 takes a mode back, and leaves the others", async () => {
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "status:500", times: 9 });
  await twilio.faults.press({ target: "twilio", mode: "hang", times: 9 });
  const answer = await press(twilio.url, { target: "twilio", mode: "hang", times: 0 });
  const { active } = await answer.json();
  assert.deepEqual(active, [{ target: "twilio", mode: "status:500", times: 9 }]);
});

Deno.test("a registered target does at once what it was registered for", async () => {
  await using twilio = await testSimulator();
  const pressed: unknown[] = [];
  twilio.faults.register("function:orchestrator", ["kill", "kill_at:<point>"], (mode, times) => {
    pressed.push([mode, times]);
  });
  const fault = { target: "function:orchestrator", mode: "kill_at:after_claim" };
  const { active } = await (await press(twilio.url, fault)).json();
  assert.deepEqual([pressed, active], [[["kill_at:after_claim", 1]], []]);
});

Deno.test("status:<http> answers with it and executes nothing", async () => {
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "status:503" });
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
  assert.deepEqual([answer.status, (await answer.json()).code], [503, 20500]);
  assert.deepEqual(twilio.sent(), []);
});

for (const [mode, executed] of [["hang", 0], ["accept_then_hang", 1]] as const) {
  Deno.test(`${mode} never answers, and ${executed ? "sends" : "does not send"} the message`, async () => {
    await using twilio = await testSimulator();
    await twilio.faults.press({ target: "twilio", mode });
    const signal = AbortSignal.timeout(200);
    const answer = twilioFetch(twilio.url, "/Messages.json", { form, signal });
    await assert.rejects(answer, { name: "TimeoutError" });
    assert.equal(twilio.sent().length, executed);
  });
}

Deno.test("slow:<ms> executes the message even when the client has gone", async () => {
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "slow:150" });
  const signal = AbortSignal.timeout(50);
  await assert.rejects(twilioFetch(twilio.url, "/Messages.json", { form, signal }));
  assert.deepEqual(twilio.sent(), []);
  assert.equal((await twilio.waitForOutbound({ to: CUSTOMER })).length, 1);
});

Deno.test("reads have faults of their own: a list that fails, and one that lags", async () => {
  await using twilio = await testSimulator();
  await twilio.inbound({ from: CUSTOMER, body: "Oi", deliver: false });
  await twilio.faults.press({ target: "twilio_list", mode: "status:500" });
  await twilio.faults.press({ target: "twilio_list", mode: "lag:60000" });
  const failed = await twilioFetch(twilio.url, "/Messages.json");
  assert.equal(failed.status, 500);
  await failed.body?.cancel();
  const counts = [];
  for (let count = 0; count < 2; count++) {
    counts.push((await (await twilioFetch(twilio.url, "/Messages.json")).json()).messages.length);
  }
  assert.deepEqual(counts, [0, 1]);
});

Deno.test("webhooks:drop keeps the message and never calls the webhook", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  await twilio.faults.press({ target: "webhooks", mode: "drop" });
  const { response, messageSid } = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual([response, receiver.received.length], [null, 0]);
  assert.equal(twilio.messages.get(messageSid)?.body, "Oi");
});

Deno.test("stop() ends requests that hang and callbacks that wait", async () => {
  const { promise: hangs, resolve: log } = Promise.withResolvers<string>();
  const life = [{ status: "sent", afterMs: 60_000 }] as const;
  const twilio = await testSimulator({ life });
  await (await twilioFetch(twilio.url, "/Messages.json", { form })).body?.cancel();
  await twilio.stop();
  const other = await testSimulator({ log });
  await other.faults.press({ target: "twilio", mode: "hang" });
  const hanging = assert.rejects(twilioFetch(other.url, "/Messages.json", { form }));
  assert.equal(await hangs, "fault twilio hang");
  await other.stop();
  await hanging;
});
