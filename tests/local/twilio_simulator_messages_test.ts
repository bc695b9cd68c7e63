/** The simulator's REST API against Twilio's own description of it, and against Twilio's client. */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import openapi from "../fixtures/messages_openapi.json" with { type: "json" };
import {
  ACCOUNT_SID,
  BUSINESS,
  CUSTOMER,
  testSimulator,
  twilioClient,
  twilioFetch,
} from "../support/twilio.ts";

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addFormat("date-time-rfc-2822", /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
for (const format of ["phone-number", "uri", "uri-map", "currency", "date-time"]) {
  ajv.addFormat(format, true);
}
ajv.addSchema(openapi, "openapi");

/** Fails unless the value is what the schema says, with every field that it names. */
function assertIs(schema: keyof typeof openapi.components.schemas, value: unknown): void {
  const isValid = ajv.getSchema(`openapi#/components/schemas/${schema}`);
  assert.ok(isValid?.(value), ajv.errorsText(isValid?.errors));
  const { properties } = openapi.components.schemas[schema] as { properties: object };
  assert.deepEqual(Object.keys(value as object).sort(), Object.keys(properties).sort());
}

/** Fails unless the value is the envelope of a list, as the path's description says. */
function assertIsPage(path: keyof typeof openapi.paths, page: unknown): void {
  const { content } = (openapi.paths[path] as unknown as {
    get: { responses: { "200": { content: Record<string, { schema: { properties: object } }> } } };
  }).get.responses["200"];
  const schema = content["application/json"]?.schema;
  const pointer = `${path.replaceAll("~", "~0").replaceAll("/", "~1")}/get/responses/200`;
  const isValid = ajv.getSchema(
    encodeURI(`openapi#/paths/${pointer}/content/application~1json/schema`),
  );
  assert.ok(isValid?.(page), ajv.errorsText(isValid?.errors));
  assert.deepEqual(
    Object.keys(page as object).sort(),
    Object.keys(schema?.properties ?? {}).sort(),
  );
}

const text = { To: CUSTOMER, From: BUSINESS, Body: "Olá 👋" };

Deno.test("POST Messages.json answers 201 with a queued message as Twilio describes it", async () => {
  await using twilio = await testSimulator();
  const answer = await twilioFetch(twilio.url, "/Messages.json", { form: text });
  const message = await answer.json();
  assert.equal(answer.status, 201);
  assertIs("api.v2010.account.message", message);
  assert.deepEqual(
    [message.status, message.direction, message.body, message.from, message.to, message.date_sent],
    ["queued", "outbound-api", text.Body, BUSINESS, CUSTOMER, null],
  );
  assert.match(answer.headers.get("Twilio-Request-Id") ?? "", /^RQ[0-9a-f]{32}$/);
});

Deno.test("POST Messages.json accepts for a Messaging Service, without a sender yet", async () => {
  await using twilio = await testSimulator();
  const form = { To: CUSTOMER, Body: "Oi", MessagingServiceSid: `MG${"0".repeat(32)}` };
  const message = await (await twilioFetch(twilio.url, "/Messages.json", { form })).json();
  assertIs("api.v2010.account.message", message);
  assert.deepEqual([message.status, message.from], ["accepted", null]);
});

const refusals: [why: string, code: number, form: Record<string, string>][] = [
  ["no To", 21604, { From: BUSINESS, Body: "x" }],
  ["a To that is no address", 21211, { ...text, To: "whatsapp:5511" }],
  ["no From", 21603, { To: CUSTOMER, Body: "x" }],
  ["no Body and no media", 21602, { To: CUSTOMER, From: BUSINESS }],
  ["1601 characters", 21617, { ...text, Body: "a".repeat(1601) }],
  ["a customer on another channel", 21910, { ...text, To: "+5511987654321" }],
  ["a sender that is not ours", 63007, { ...text, From: "whatsapp:+15550001111" }],
  ["a message to ourselves", 63031, { ...text, To: BUSINESS }],
  ["a StatusCallback that is no URL", 21609, { ...text, StatusCallback: "nowhere" }],
  ["a host with an underscore", 21609, { ...text, StatusCallback: "http://a_b.example/" }],
  ["media that is no URL", 21620, { ...text, MediaUrl: "cat.png" }],
  ["a ContentSid that is none", 21655, { ...text, ContentSid: "HX1" }],
  ["ContentVariables that are no JSON", 21656, { ...text, ContentVariables: "{" }],
  ["a magic number with code 21610", 21610, { ...text, To: "whatsapp:+150055521610" }],
];

for (const [why, code, form] of refusals) {
  Deno.test(`POST Messages.json refuses ${why} with ${code}`, async () => {
    await using twilio = await testSimulator();
    const answer = await twilioFetch(twilio.url, "/Messages.json", { form });
    const body = await answer.json();
    assert.deepEqual([answer.status, body.status, body.code], [400, 400, code]);
    assert.deepEqual(Object.keys(body), ["code", "message", "more_info", "status"]);
    assert.deepEqual(twilio.sent(), []);
  });
}

Deno.test("the API answers 401 with code 20003 to a wrong token, and 404 with 20404 to a wrong sid", async () => {
  await using twilio = await testSimulator();
  const wrong = await twilioFetch(twilio.url, "/Messages.json", { form: text, authToken: "x" });
  assert.deepEqual([wrong.status, (await wrong.json()).code], [401, 20003]);
  assert.equal(wrong.headers.get("WWW-Authenticate"), 'Basic realm="Twilio API"');
  const other = await twilioFetch(twilio.url, "/Messages.json", {
    accountSid: `AC${"f".repeat(32)}`,
  });
  assert.deepEqual([other.status, (await other.json()).code], [401, 20003], "another account");
  for (const path of [`/Messages/SM${"0".repeat(32)}.json`, "/Nothing.json"]) {
    const absent = await twilioFetch(twilio.url, path);
    assert.deepEqual([absent.status, (await absent.json()).code], [404, 20404]);
  }
});

Deno.test("Twilio's own client creates, fetches, redacts and deletes", async () => {
  await using simulator = await testSimulator();
  const client = twilioClient(simulator.url);
  const created = await client.messages.create({ to: CUSTOMER, from: BUSINESS, body: "Oi" });
  const fetched = await client.messages(created.sid).fetch();
  assert.deepEqual([fetched.sid, fetched.body, fetched.accountSid], [
    created.sid,
    "Oi",
    ACCOUNT_SID,
  ]);
  assert.equal((await client.messages(created.sid).update({ body: "" })).body, "");
  assert.equal(await client.messages(created.sid).remove(), true);
  await assert.rejects(client.messages(created.sid).fetch(), { code: 20404, status: 404 });
});

Deno.test("Twilio's own client gets the code of a refusal", async () => {
  await using simulator = await testSimulator();
  const client = twilioClient(simulator.url);
  const refused = client.messages.create({ to: "whatsapp:+1", from: BUSINESS, body: "Oi" });
  await assert.rejects(refused, {
    code: 21211,
    status: 400,
    moreInfo: "https://www.twilio.com/docs/errors/21211",
  });
});

Deno.test("Twilio's own client cancels a scheduled message, and no other", async () => {
  await using simulator = await testSimulator();
  const client = twilioClient(simulator.url);
  const service = { to: CUSTOMER, body: "Oi", messagingServiceSid: `MG${"0".repeat(32)}` };
  const scheduled = await client.messages.create({
    ...service,
    scheduleType: "fixed",
    sendAt: new Date(Date.now() + 3_600_000),
  });
  const canceled = await client.messages(scheduled.sid).update({ status: "canceled" });
  assert.equal(canceled.status, "canceled");
  const queued = await client.messages.create(service);
  const refused = client.messages(queued.sid).update({ status: "canceled" });
  await assert.rejects(refused, { code: 30409 });
});

Deno.test("Twilio's own client reads every page of the list, newest first", async () => {
  await using simulator = await testSimulator();
  const client = twilioClient(simulator.url);
  const sids = [];
  for (let count = 0; count < 7; count++) {
    sids.unshift((await client.messages.create({ to: CUSTOMER, from: BUSINESS, body: "Oi" })).sid);
  }
  const listed = await client.messages.list({ to: CUSTOMER, pageSize: 3 });
  assert.deepEqual(listed.map(({ sid }) => sid), sids);
  const first = await client.messages.page({ pageSize: 3 });
  const second = await first.nextPage();
  const back = await second?.previousPage();
  assert.deepEqual(back?.instances.map(({ sid }) => sid), sids.slice(0, 3));
});

Deno.test("a page does not shift when messages arrive between two pages", async () => {
  await using twilio = await testSimulator();
  const sids = [];
  for (let count = 0; count < 4; count++) {
    sids.unshift((await twilio.inbound({ from: CUSTOMER, body: "Oi", deliver: false })).messageSid);
  }
  const first = await (await twilioFetch(twilio.url, "/Messages.json?PageSize=2")).json();
  await twilio.inbound({ from: CUSTOMER, body: "another", deliver: false });
  const path = first.next_page_uri.replace(`/2010-04-01/Accounts/${ACCOUNT_SID}`, "");
  const second = await (await twilioFetch(twilio.url, path)).json();
  assert.deepEqual(second.messages.map(({ sid }: { sid: string }) => sid), sids.slice(2));
  assert.equal(second.next_page_uri, null);
  assertIsPage("/2010-04-01/Accounts/{AccountSid}/Messages.json", first);
  for (const message of first.messages) assertIs("api.v2010.account.message", message);
});

Deno.test("the list is filtered by To, From, and by DateSent on, until and since a day or a second", async () => {
  await using twilio = await testSimulator();
  const other = "whatsapp:+5511900000000";
  const at = (receivedAt: string, from = CUSTOMER) =>
    twilio.inbound({ from, body: receivedAt, receivedAt, deliver: false });
  await at("2026-11-20T10:00:00Z");
  await at("2026-11-21T10:00:00Z", other);
  await at("2026-11-22T23:59:59Z");
  const bodies = async (query: string) => {
    const page = await (await twilioFetch(twilio.url, `/Messages.json?${query}`)).json();
    return page.messages.map(({ body }: { body: string }) => body.slice(8, 10));
  };
  assert.deepEqual(await bodies(""), ["22", "21", "20"]);
  assert.deepEqual(await bodies(`From=${encodeURIComponent(other)}`), ["21"]);
  assert.deepEqual(await bodies(`To=${encodeURIComponent(other)}`), []);
  assert.deepEqual(await bodies("DateSent=2026-11-21"), ["21"]);
  assert.deepEqual(await bodies("DateSent%3E=2026-11-21"), ["22", "21"]);
  assert.deepEqual(await bodies("DateSent%3C=2026-11-21"), ["21", "20"]);
  assert.deepEqual(await bodies("DateSent%3E=2026-11-22T23:59:59Z"), ["22"]);
  assert.deepEqual(await bodies("DateSent%3E=2026-11-22%2023:59:59.000"), ["22"]);
  assert.deepEqual(await bodies("DateSent%3C=2026-11-20T09:59:59Z"), []);
  const refused = await twilioFetch(twilio.url, "/Messages.json?DateSent=soon");
  assert.equal((await refused.json()).code, 20001);
});

Deno.test("the media of a message are listed, described, and fetched through a redirect", async () => {
  await using twilio = await testSimulator();
  const media = [{ contentType: "audio/ogg", base64: btoa("a voice") }];
  const { messageSid, parameters } = await twilio.inbound({
    from: CUSTOMER,
    media,
    deliver: false,
  });
  const list = await (await twilioFetch(twilio.url, `/Messages/${messageSid}/Media.json`)).json();
  assertIsPage("/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media.json", list);
  assertIs("api.v2010.account.message.media", list.media_list[0]);
  const described = await fetch(`${parameters.MediaUrl0}.json`);
  assert.equal(described.status, 401, "only the content is public");
  await described.body?.cancel();
  const redirect = await fetch(`${parameters.MediaUrl0}`, { redirect: "manual" });
  assert.equal(redirect.status, 307);
  await redirect.body?.cancel();
  const content = await fetch(`${parameters.MediaUrl0}`);
  assert.equal(content.headers.get("Content-Type"), "audio/ogg");
  assert.equal(await content.text(), "a voice");
});

Deno.test("media need Basic auth in an account that demands it", async () => {
  await using twilio = await testSimulator({ protectMedia: true });
  const media = [{ contentType: "image/png" }];
  const { messageSid, parameters } = await twilio.inbound({
    from: CUSTOMER,
    media,
    deliver: false,
  });
  const path = `/Messages/${messageSid}/Media/${String(parameters.MediaUrl0).slice(-34)}`;
  const [open, authorized] = [
    await fetch(`${parameters.MediaUrl0}`),
    await twilioFetch(twilio.url, path),
  ];
  assert.deepEqual([open.status, authorized.status], [401, 200]);
  await Promise.all([open.body?.cancel(), authorized.body?.cancel()]);
});

Deno.test("the simulator keeps many thousands of messages and still pages through them quickly", async () => {
  await using twilio = await testSimulator();
  const count = 20_000;
  for (let index = 0; index < count; index++) {
    await twilio.inbound({ from: `+55119${index % 100}0000000`, body: `${index}`, deliver: false });
  }
  let [path, seen]: [string | null, number] = ["/Messages.json?PageSize=1000", 0];
  while (path !== null) {
    const page = await (await twilioFetch(twilio.url, path)).json();
    seen += page.messages.length;
    path = page.next_page_uri?.replace(`/2010-04-01/Accounts/${ACCOUNT_SID}`, "") ?? null;
  }
  assert.equal(seen, count);
});
