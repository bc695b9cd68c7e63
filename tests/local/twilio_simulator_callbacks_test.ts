/** Status callbacks: signed, in order, and broken in the ways that Twilio's can be. */
import assert from "node:assert/strict";
import twilioWebhooks from "twilio/lib/webhooks/webhooks.js";
import { type Received, startReceiver } from "../support/receiver.ts";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  BUSINESS,
  CUSTOMER,
  testSimulator,
  twilioFetch,
} from "../support/twilio.ts";

const text = { To: CUSTOMER, From: BUSINESS, Body: "Oi" };

function isSigned({ url, headers, form }: Received): boolean {
  const signature = headers.get("X-Twilio-Signature") ?? "";
  return twilioWebhooks.validateRequest(AUTH_TOKEN, signature, url, Object.fromEntries(form));
}

function statuses(received: Received[]): (string | null)[] {
  return received.map(({ form }) => form.get("MessageStatus"));
}

Deno.test("an accepted message is reported as sent, delivered and read, in order and signed", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator();
  // The fragment asks for retries: it is neither sent nor signed.
  const form = { ...text, StatusCallback: `${receiver.url}/status?message=7&x=a%2Bb#rc=3&rp=all` };
  const { sid } = await (await twilioFetch(twilio.url, "/Messages.json", { form })).json();
  const received = await receiver.waitFor(3);
  assert.deepEqual(statuses(received), ["sent", "delivered", "read"]);
  assert.ok(received.every(isSigned));
  assert.equal(received[0]?.url, `${receiver.url}/status?message=7&x=a%2Bb`);
  const common = {
    ChannelPrefix: "whatsapp",
    ChannelInstallSid: `XE${ACCOUNT_SID.slice(2)}`,
    ChannelToAddress: "+551198765XXXX",
    StructuredMessage: "false",
    SmsSid: sid,
    SmsStatus: "sent",
    MessageSid: sid,
    MessageStatus: "sent",
    AccountSid: ACCOUNT_SID,
    From: BUSINESS,
    To: CUSTOMER,
    ApiVersion: "2010-04-01",
  };
  assert.deepEqual(Object.fromEntries(received[0]?.form ?? []), common);
  assert.equal(received[2]?.form.get("EventType"), "READ");
  assert.equal(twilio.messages.get(sid)?.status, "read");
});

Deno.test("a Messaging Service reports queued too, and then the sender it chose", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator();
  const service = `MG${"0".repeat(32)}`;
  const form = {
    To: CUSTOMER,
    Body: "Oi",
    MessagingServiceSid: service,
    StatusCallback: receiver.url,
  };
  await (await twilioFetch(twilio.url, "/Messages.json", { form })).body?.cancel();
  const received = await receiver.waitFor(4);
  assert.deepEqual(statuses(received), ["queued", "sent", "delivered", "read"]);
  assert.deepEqual(received[3]?.form.get("From"), BUSINESS);
  assert.deepEqual(received[3]?.form.get("MessagingServiceSid"), service);
});

Deno.test("a magic number fails later, with its code in the callback and in the message", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator();
  const form = { ...text, To: "whatsapp:+150055563016", StatusCallback: receiver.url };
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
  assert.equal(answer.status, 201);
  const { sid } = await answer.json();
  const [callback] = await receiver.waitFor(1);
  assert.equal(callback?.form.get("MessageStatus"), "undelivered");
  assert.equal(callback?.form.get("EventType"), "UNDELIVERED");
  assert.equal(callback?.form.get("ErrorCode"), "63016");
  const message = await (await twilioFetch(twilio.url, `/Messages/${sid}.json`)).json();
  assert.deepEqual([message.status, message.error_code], ["undelivered", 63016]);
});

Deno.test("a callback that fails is not sent again unless the overrides say so", async () => {
  await using receiver = startReceiver(() => new Response("no", { status: 500 }));
  await using twilio = await testSimulator({ life: [{ status: "sent", afterMs: 0 }] });
  const send = async (callback: string) => {
    const form = { ...text, StatusCallback: callback };
    await (await twilioFetch(twilio.url, "/Messages.json", { form })).body?.cancel();
  };
  await send(`${receiver.url}/once`);
  await send(`${receiver.url}/thrice#rc=2&rp=5xx`);
  await receiver.waitFor(4);
  const paths = receiver.received.map(({ url }) => new URL(url).pathname).sort();
  assert.deepEqual(paths, ["/once", "/thrice", "/thrice", "/thrice"]);
  const tokens = receiver.received.filter(({ url }) => url.endsWith("/thrice"))
    .map(({ headers }) => headers.get("I-Twilio-Idempotency-Token"));
  assert.equal(new Set(tokens).size, 1, "the token tells retries of one callback");
});

Deno.test("the account's StatusCallback is used when the message names none", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator({ statusCallback: `${receiver.url}/account` });
  await (await twilioFetch(twilio.url, "/Messages.json", { form: text })).body?.cancel();
  assert.equal((await receiver.waitFor(1))[0]?.url, `${receiver.url}/account`);
});

const modes: [mode: string, expected: string[]][] = [
  ["shuffled", ["read", "delivered", "sent"]],
  ["repeated", ["sent", "sent", "delivered", "delivered", "read", "read"]],
  ["late", ["sent"]],
];

for (const [mode, expected] of modes) {
  Deno.test(`the fault callbacks:${mode} reports ${expected.join(", ")}`, async () => {
    await using receiver = startReceiver();
    await using twilio = await testSimulator();
    await twilio.faults.press({ target: "twilio", mode: `callbacks:${mode}` });
    const form = { ...text, StatusCallback: receiver.url };
    await (await twilioFetch(twilio.url, "/Messages.json", { form })).body?.cancel();
    assert.deepEqual(statuses(await receiver.waitFor(expected.length)), expected);
  });
}

Deno.test("the fault callbacks:early reports sent before the POST is answered", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "callbacks:early" });
  const form = { ...text, StatusCallback: receiver.url };
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
  assert.equal(receiver.received[0]?.form.get("MessageStatus"), "sent");
  assert.equal((await answer.json()).sid, receiver.received[0]?.form.get("MessageSid"));
  assert.deepEqual(statuses(await receiver.waitFor(3)), ["sent", "delivered", "read"]);
});

Deno.test("the fault callbacks:none reports nothing, and strikes as often as it was told", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator();
  await twilio.faults.press({ target: "twilio", mode: "callbacks:none" });
  const form = { ...text, StatusCallback: receiver.url };
  await (await twilioFetch(twilio.url, "/Messages.json", { form })).body?.cancel();
  const second = await (await twilioFetch(twilio.url, "/Messages.json", { form })).json();
  const received = await receiver.waitFor(3);
  assert.ok(received.every((callback) => callback.form.get("MessageSid") === second.sid));
});
