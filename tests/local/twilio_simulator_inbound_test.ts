/** What the simulator's customers write, as the webhook sees it and as Twilio sees the answer. */
import assert from "node:assert/strict";
import twilioWebhooks from "twilio/lib/webhooks/webhooks.js";
import samples from "../fixtures/inbound_samples.json" with { type: "json" };
import { startReceiver } from "../support/receiver.ts";
import { AUTH_TOKEN, BUSINESS, CUSTOMER, testSimulator, twilioFetch } from "../support/twilio.ts";

function twiml(body: string, headers: Record<string, string> = { "Content-Type": "text/xml" }) {
  return () => new Response(new TextEncoder().encode(body), { headers });
}

function inbound(url: string, body: unknown): Promise<Response> {
  return fetch(`${url}/simulator/inbound`, { method: "POST", body: JSON.stringify(body) });
}

Deno.test("POST /simulator/inbound signs and delivers a webhook with Twilio's headers", async () => {
  await using receiver = startReceiver(twiml("<Response/>"));
  const webhookUrl = `${receiver.url}/in?a=1&b=%2B#rc=2`;
  await using twilio = await testSimulator({ webhookUrl });
  const result = await (await inbound(twilio.url, { from: "+5511987654321", body: "Olá 🌻" }))
    .json();
  const [webhook] = receiver.received;
  assert.deepEqual(Object.fromEntries(webhook?.form ?? []), result.parameters);
  const { headers, url = "" } = webhook ?? {};
  const signature = headers?.get("X-Twilio-Signature") ?? "";
  assert.ok(twilioWebhooks.validateRequest(AUTH_TOKEN, signature, url, result.parameters));
  assert.equal(url, `${receiver.url}/in?a=1&b=%2B`);
  assert.equal(headers?.get("Content-Type"), "application/x-www-form-urlencoded");
  assert.equal(headers?.get("User-Agent"), "TwilioProxy/1.1");
  assert.match(headers?.get("I-Twilio-Idempotency-Token") ?? "", /^[0-9a-f-]{36}$/);
  assert.equal(result.status, 200);
  assert.equal(result.body, "<Response/>");
  assert.equal(result.headers["content-type"], "text/xml");
  assert.equal(typeof result.ms, "number");
  const { status, headers: answered, body, ms } = result;
  assert.deepEqual(result.response, { status, headers: answered, body, ms });
  assert.deepEqual([result.attempts, result.error], [1, undefined]);
});

Deno.test("a text has every parameter that captures of Twilio's webhook have", async () => {
  await using twilio = await testSimulator();
  const [sample] = samples.samples;
  const { parameters, messageSid } = await twilio.inbound({
    from: "+5511987654321",
    body: sample?.params.Body,
    ProfileName: sample?.params.ProfileName,
    MessageSid: sample?.params.MessageSid,
    deliver: false,
  });
  assert.deepEqual(parameters, { ...sample?.params });
  assert.equal(messageSid, sample?.params.MessageSid);
});

for (const { name, params } of samples.samples) {
  Deno.test(`the sample "${name}" is delivered with exactly its parameters`, async () => {
    await using receiver = startReceiver(twiml("<Response/>"));
    await using twilio = await testSimulator({ webhookUrl: receiver.url });
    await twilio.inbound(params);
    assert.deepEqual(Object.fromEntries(receiver.received[0]?.form ?? []), { ...params });
    const stored = twilio.messages.get(params.MessageSid);
    assert.deepEqual([stored?.body, stored?.from, stored?.to], [
      params.Body,
      params.From,
      params.To,
    ]);
    assert.equal(stored?.media.length, Number(params.NumMedia));
  });
}

Deno.test("a customer without a phone number is a BSUID in From and ExternalUserId", async () => {
  await using twilio = await testSimulator();
  const { parameters } = await twilio.inbound({ from: "BR.abc123", body: "Oi", deliver: false });
  assert.equal(parameters.From, "whatsapp:BR.abc123");
  assert.equal(parameters.ExternalUserId, "whatsapp:BR.abc123");
  assert.equal("WaId" in parameters, false);
});

Deno.test("arrays are repeated parameters, null leaves one out, and sms has nothing of WhatsApp", async () => {
  await using receiver = startReceiver(twiml("<Response/>"));
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  const odd = { Body: ["b", "a", "b"], ProfileName: null, InteractiveData: { flow: 1 }, Number: 7 };
  const { parameters } = await twilio.inbound({ from: "+15551234567", channel: "sms", ...odd });
  const { body = "", headers } = receiver.received[0] ?? {};
  assert.match(body, /Body=b&Body=a&Body=b/);
  assert.equal(new URLSearchParams(body).get("InteractiveData"), '{"flow":1}');
  assert.equal(new URLSearchParams(body).get("Number"), "7");
  assert.deepEqual([parameters.From, parameters.To], ["+15551234567", "+14155238886"]);
  assert.ok(!body.includes("ProfileName") && !body.includes("ChannelMetadata"));
  const signature = headers?.get("X-Twilio-Signature") ?? "";
  assert.ok(twilioWebhooks.validateRequest(AUTH_TOKEN, signature, receiver.url, parameters));
});

Deno.test("the same MessageSid delivers the same message again and stores no second one", async () => {
  await using receiver = startReceiver(twiml("<Response/>"));
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  const { messageSid } = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  const again = { from: CUSTOMER, body: "something else", MessageSid: messageSid };
  await Promise.all([1, 2, 3].map(() => twilio.inbound(again)));
  const bodies = new Set(receiver.received.map(({ body }) => body));
  assert.deepEqual([receiver.received.length, bodies.size], [4, 1]);
  const list = await (await twilioFetch(twilio.url, "/Messages.json")).json();
  assert.equal(list.messages.length, 1);
  assert.deepEqual([list.messages[0].status, list.messages[0].direction], ["received", "inbound"]);
});

Deno.test("a message longer than 1600 characters is cut and marked as failed with 21617", async () => {
  await using twilio = await testSimulator();
  const body = "a".repeat(1599) + "😀";
  const { parameters, messageSid } = await twilio.inbound({ from: CUSTOMER, body, deliver: false });
  assert.equal(parameters.Body, "a".repeat(1599));
  const { status, errorCode } = twilio.messages.get(messageSid) ?? {};
  assert.deepEqual([status, errorCode], ["failed", 21617]);
});

Deno.test("the business number that a customer wrote to may send from then on", async () => {
  await using twilio = await testSimulator();
  const From = "whatsapp:+15557654321";
  const send = async () => {
    const form = { To: CUSTOMER, From, Body: "Oi" };
    const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await send(), 400);
  await twilio.inbound({ from: CUSTOMER, to: From, body: "Oi", deliver: false });
  assert.equal(await send(), 201);
});

Deno.test("each <Message> of the answer is sent to the customer, from the number written to", async () => {
  const answer = `<?xml version="1.0" encoding="UTF-8"?>
    <Response>
      <!-- <Message>not this</Message> -->
      <Message> um &amp; dois &#x1F33B; </Message>
      <Message to="whatsapp:+5511900000000"><Body>três</Body><Media>https://e.example/a</Media></Message>
      <Message><![CDATA[<quatro>]]></Message>
    </Response>`;
  await using receiver = startReceiver(
    twiml(answer, { "Content-Type": "text/xml; charset=utf-8" }),
  );
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  const sent = twilio.sent();
  assert.deepEqual(sent.map(({ body }) => body), ["um & dois 🌻", "três", "<quatro>"]);
  assert.deepEqual(sent.map(({ media }) => media.length), [0, 1, 0]);
  assert.deepEqual(sent.map(({ to }) => to), [CUSTOMER, "whatsapp:+5511900000000", CUSTOMER]);
  assert.ok(sent.every((each) => each.from === BUSINESS && each.direction === "outbound-reply"));
});

Deno.test("an answer in text/plain reaches the customer, as Twilio does it", async () => {
  await using receiver = startReceiver(twiml("OK", { "Content-Type": "text/plain" }));
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual(twilio.sent(CUSTOMER).map(({ body }) => body), ["OK"]);
});

const failures: [why: string, code: number, answer: () => Response][] = [
  ["an answer of 500", 11200, () => new Response("<Response/>", { status: 500 })],
  ["an answer of 429", 11200, () => new Response("<Response/>", { status: 429 })],
  ["no Content-Type", 12300, twiml("", {})],
  ["JSON", 12300, twiml("{}", { "Content-Type": "application/json" })],
  ["XML that is not closed", 12100, twiml("<Response><Message>a</Message>")],
  ["a bare ampersand", 12100, twiml("<Response><Message>a & b</Message></Response>")],
  ["another root", 12100, twiml("<Reply/>")],
  ["more than 64 kB", 11750, twiml(`<Response>${" ".repeat(65_536)}</Response>`)],
];

for (const [why, code, answer] of failures) {
  Deno.test(`${why} is Twilio's error ${code}, and nothing is sent or tried again`, async () => {
    await using receiver = startReceiver(answer);
    await using twilio = await testSimulator({ webhookUrl: receiver.url });
    const result = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
    assert.equal(result.error?.code, code);
    assert.deepEqual([receiver.received.length, twilio.sent().length], [1, 0]);
    assert.equal(twilio.messages.get(result.messageSid)?.status, "received");
  });
}

Deno.test("a connection that is refused is tried once more, and is error 11205", async () => {
  await using twilio = await testSimulator();
  const result = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual([result.response, result.attempts, result.error?.code], [null, 2, 11205]);
});

Deno.test("a webhook that does not answer in time is given up, and tried again only by rp=rt", async () => {
  const { promise: hang, resolve: release } = Promise.withResolvers<Response>();
  await using receiver = startReceiver(() => hang);
  await using twilio = await testSimulator();
  for (
    const [overrides, attempts] of [["rt=100", 1], ["rt=100&rp=rt&rc=2", 3], [
      "tt=250&rp=all&rc=5",
      1,
    ]]
  ) {
    twilio.webhook.url = `${receiver.url}/#${overrides}`;
    const result = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
    assert.deepEqual([result.response, result.attempts, result.error?.code], [
      null,
      attempts,
      11200,
    ]);
  }
  const tokens = receiver.received.map(({ headers }) => headers.get("I-Twilio-Idempotency-Token"));
  assert.equal(new Set(tokens).size, 3, "one token for each webhook, whatever its retries");
  release(new Response());
});

Deno.test("the fallback URL is asked with ErrorCode and ErrorUrl, and its TwiML is obeyed", async () => {
  await using primary = startReceiver(() => new Response("no", { status: 503 }));
  await using fallback = startReceiver(twiml("<Response><Message>sorry</Message></Response>"));
  const urls = { webhookUrl: primary.url, fallbackUrl: `${fallback.url}/f` };
  await using twilio = await testSimulator(urls);
  const result = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.equal(fallback.received[0]?.form.get("ErrorCode"), "11200");
  assert.equal(fallback.received[0]?.form.get("ErrorUrl"), primary.url);
  assert.deepEqual([result.response?.status, result.fallback?.response?.status], [503, 200]);
  assert.deepEqual(twilio.sent(CUSTOMER).map(({ body }) => body), ["sorry"]);
});

Deno.test("user and password of the URL are sent when asked for, and are not signed", async () => {
  await using receiver = startReceiver(({ headers }) =>
    headers.has("Authorization")
      ? new Response("<Response/>", { headers: { "Content-Type": "text/xml" } })
      : new Response("who?", { status: 401 })
  );
  const webhookUrl = receiver.url.replace("http://", "http://user:p%40ss@");
  await using twilio = await testSimulator({ webhookUrl });
  const result = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.equal(result.response?.status, 200);
  const { url = "", headers } = receiver.received[1] ?? {};
  assert.equal(headers?.get("Authorization"), `Basic ${btoa("user:p@ss")}`);
  const signature = headers?.get("X-Twilio-Signature") ?? "";
  assert.equal(url, `${receiver.url}/`);
  assert.ok(
    twilioWebhooks.validateRequest(AUTH_TOKEN, signature, receiver.url, result.parameters),
  );
});

Deno.test("POST /simulator/inbound says in words what is wrong with a request", async () => {
  await using twilio = await testSimulator();
  const answer = await inbound(twilio.url, { body: "Oi" });
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).error, /from is missing/);
});

Deno.test("waitForOutbound() resolves when enough is sent, and says what was missing when not", async () => {
  await using receiver = startReceiver(twiml("<Response><Message>um</Message></Response>"));
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  const waiting = twilio.waitForOutbound({ to: CUSTOMER, count: 2 });
  for (let count = 0; count < 2; count++) await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.equal((await waiting).length, 2);
  await assert.rejects(twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 20 }), {
    message: `Cannot find 3 messages to ${CUSTOMER}: 2 after 20 ms`,
  });
});
