/** Rules of Twilio that the simulator keeps when it is told: window, opt-out, media, connections. */
import assert from "node:assert/strict";
import { startReceiver } from "../support/receiver.ts";
import { BUSINESS, CUSTOMER, testSimulator, twilioClient, twilioFetch } from "../support/twilio.ts";

const HOUR_MS = 3_600_000;
const form = { To: CUSTOMER, From: BUSINESS, Body: "Oi" };
const SERVICE = `MG${"0".repeat(32)}`;

function rule(url: string, rules: unknown): Promise<Response> {
  return fetch(`${url}/simulator/rules`, { method: "POST", body: JSON.stringify(rules) });
}

function hoursAgo(hours: number): string {
  return new Date(Date.now() - hours * HOUR_MS).toISOString();
}

Deno.test("POST /simulator/rules changes the rules it names, and refuses unknown ones", async () => {
  await using twilio = await testSimulator();
  const changed = await rule(twilio.url, { mediaReadyMs: 5_000 });
  assert.deepEqual(await changed.json(), { window: false, mediaReadyMs: 5_000 });
  const unknown = await rule(twilio.url, { windows: true });
  assert.equal(unknown.status, 400);
  assert.match((await unknown.json()).error, /windows/);
  const current = await fetch(`${twilio.url}/simulator/rules`);
  assert.deepEqual(await current.json(), { window: false, mediaReadyMs: 5_000 });
});

interface Case {
  what: string;
  outcome: unknown[];
  /** When the customer wrote, and to which number if not to ours. */
  wrote: { hours: number; to?: string }[];
  more?: Record<string, string>;
  window?: boolean;
}

/** How a message to the customer ended: its last callback's status and code. */
async function outcomeOf({ wrote, more = {}, window = true }: Case) {
  const ends = ["read", "undelivered"];
  const { promise: ended, resolve } = Promise.withResolvers<URLSearchParams>();
  await using receiver = startReceiver((request) => {
    if (ends.includes(request.form.get("MessageStatus") ?? "")) resolve(request.form);
    return new Response(null, { status: 204 });
  });
  await using twilio = await testSimulator();
  twilio.rules.window = window;
  for (const { hours, ...to } of wrote) {
    const receivedAt = hoursAgo(hours);
    await twilio.inbound({ from: CUSTOMER, deliver: false, receivedAt, ...to });
  }
  await twilio.inbound({ from: "whatsapp:+5511900000000", deliver: false });
  const sent = { ...form, ...more, StatusCallback: receiver.url };
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form: sent });
  assert.equal(answer.status, 201, "it is refused later, not at once");
  await answer.body?.cancel();
  const callback = await ended;
  return [callback.get("MessageStatus"), callback.get("ErrorCode")];
}

const OUTSIDE = ["undelivered", "63016"];
const INSIDE = ["read", null];
const template = { ContentSid: `HX${"0".repeat(32)}` };
const cases: Case[] = [
  { what: "fails for a customer who wrote 25 hours ago", outcome: OUTSIDE, wrote: [{ hours: 25 }] },
  { what: "fails for a customer who never wrote", outcome: OUTSIDE, wrote: [] },
  {
    what: "fails when the customer wrote to another number of ours",
    outcome: OUTSIDE,
    wrote: [{ hours: 1, to: "whatsapp:+15550001111" }],
  },
  {
    what: "arrives when the customer's last message is 23 hours old",
    outcome: INSIDE,
    wrote: [{ hours: 25 }, { hours: 23 }],
  },
  { what: "arrives as a template", outcome: INSIDE, wrote: [{ hours: 25 }], more: template },
  { what: "arrives while the rule is off", outcome: INSIDE, wrote: [], window: false },
];

for (const each of cases) {
  Deno.test(`with the window rule a message ${each.what}`, async () => {
    assert.deepEqual(await outcomeOf(each), each.outcome);
  });
}

Deno.test("who wrote STOP under Advanced Opt-Out is refused with 21610 until START", async () => {
  await using twilio = await testSimulator();
  const { messages } = twilioClient(twilio.url);
  const send = () => messages.create({ to: CUSTOMER, from: BUSINESS, body: "Oi" });
  await twilio.inbound({ from: CUSTOMER, body: "Stop", deliver: false });
  await send();
  await twilio.inbound({ from: CUSTOMER, body: "Stop", OptOutType: "STOP", deliver: false });
  await assert.rejects(send(), { code: 21610, status: 400 });
  await twilio.inbound({ from: CUSTOMER, body: "Help", OptOutType: "HELP", deliver: false });
  await assert.rejects(send(), { code: 21610 });
  await twilio.inbound({ from: CUSTOMER, body: "Start", OptOutType: "START", deliver: false });
  assert.equal((await send()).status, "queued");
});

Deno.test("a Messaging Service accepts a message to who opted out, and fails it later", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator({ statusCallback: receiver.url });
  await twilio.inbound({ from: CUSTOMER, OptOutType: "STOP", deliver: false });
  const { messages } = twilioClient(twilio.url);
  const service = { to: CUSTOMER, body: "Oi", messagingServiceSid: SERVICE };
  assert.equal((await messages.create(service)).status, "accepted");
  const [, last] = await receiver.waitFor(2);
  assert.deepEqual([last?.form.get("MessageStatus"), last?.form.get("ErrorCode")], [
    "undelivered",
    "21610",
  ]);
});

Deno.test("with mediaReadyMs a message's media answer 404 at first, and are there later", async () => {
  await using twilio = await testSimulator();
  twilio.rules.mediaReadyMs = HOUR_MS;
  const media = [{ contentType: "image/png" }];
  const statusOf = async (receivedAt: string) => {
    const { parameters } = await twilio.inbound({
      ...{ from: CUSTOMER, media, deliver: false, receivedAt },
    });
    const answer = await fetch(String(parameters.MediaUrl0));
    await answer.body?.cancel();
    return answer.status;
  };
  assert.deepEqual([await statusOf(hoursAgo(0)), await statusOf(hoursAgo(2))], [404, 200]);
});

Deno.test("webhooks:no_connection lasts as long as ct says, and is tried again by default", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator({ webhookUrl: `${receiver.url}/#ct=120` });
  await twilio.faults.press({ target: "webhooks", mode: "no_connection" });
  const started = performance.now();
  const once = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.ok(performance.now() - started >= 115, "the first attempt took 120 ms");
  assert.deepEqual([once.response?.status, once.attempts], [204, 2]);
  await twilio.faults.press({ target: "webhooks", mode: "no_connection", times: 2 });
  const twice = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual([twice.response, twice.attempts, twice.error], [null, 2, {
    code: 11205,
    message: "no connection within 120 ms",
  }]);
  assert.equal(receiver.received.length, 1);
});

Deno.test("tt ends even a connection that does not come about", async () => {
  await using twilio = await testSimulator({ webhookUrl: "http://127.0.0.1:65535/#rc=5&tt=150" });
  await twilio.faults.press({ target: "webhooks", mode: "no_connection", times: 6 });
  const { attempts, error } = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.deepEqual([attempts, error?.code], [1, 11205]);
});

Deno.test("a <Message> over 1600 characters is error 21617 and not sent; the others are", async () => {
  const longest = "a".repeat(1600);
  const twiml = `<Response><Message>${longest}b</Message><Message>${longest}</Message></Response>`;
  await using receiver = startReceiver(() =>
    new Response(twiml, { headers: { "Content-Type": "text/xml" } })
  );
  await using twilio = await testSimulator({ webhookUrl: receiver.url });
  const { error } = await twilio.inbound({ from: CUSTOMER, body: "Oi" });
  assert.equal(error?.code, 21617);
  assert.deepEqual(twilio.sent(CUSTOMER).map(({ body }) => body), [longest]);
});

const PAGE = await Deno.readTextFile(new URL("../../docs/faults.md", import.meta.url));
const magicNumbers = [...PAGE.matchAll(/^\| `(\+1500555(\d{5}))` +\| (accepted)?/gm)];

Deno.test("each magic number of docs/faults.md fails as that page says", async () => {
  await using receiver = startReceiver();
  await using twilio = await testSimulator({ statusCallback: receiver.url });
  const { messages } = twilioClient(twilio.url);
  const later: string[] = [];
  for (const [, number, code = "", accepted] of magicNumbers) {
    const sent = messages.create({ to: `whatsapp:${number}`, from: BUSINESS, body: "Oi" });
    if (accepted) {
      assert.equal((await sent).status, "queued", code);
      later.push(code);
    } else await assert.rejects(sent, { code: Number(code) }, code);
  }
  assert.ok(later.length > 2 && magicNumbers.length - later.length > 2);
  const callbacks = await receiver.waitFor(later.length);
  assert.deepEqual(
    new Set(callbacks.map(({ form }) => `${form.get("MessageStatus")} ${form.get("ErrorCode")}`)),
    new Set(later.map((code) => `undelivered ${code}`)),
  );
});
