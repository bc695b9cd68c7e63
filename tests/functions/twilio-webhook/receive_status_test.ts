/** Status callbacks that Twilio signed, with our message id in the URL: recorded, or kept whole. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import {
  inboundMessage,
  messageSid,
  statusParameters,
  webhookParameters,
} from "../../support/factories.ts";
import { type FakeWebhookDeps, webhookDeps } from "../../support/fakes.ts";
import { post, signatureFor, type WebhookRequest } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const STATUS_PATH = "/twilio-webhook/status";

/** The path that Twilio calls for the message with this id of ours. */
const pathFor = (messageId: string) => `${STATUS_PATH}?message_id=${messageId}`;

/** The id of a message that is being sent. */
async function sendingMessage({ database, clock }: FakeWebhookDeps): Promise<string> {
  const { conversationId } = await database.ingestInboundMessage(inboundMessage(), "signature");
  clock.pass(1000);
  const turn = await database.claimTurn(conversationId);
  assert.ok(turn.outcome === "claimed");
  await database.completeTurn(turn.turnId, turn.attempt, { reply: ["Good morning!"] });
  const send = await database.claimSend(conversationId);
  assert.ok(send.outcome === "claimed");
  database.calls.length = 0;
  return send.messageId;
}

Deno.test("POST /twilio-webhook/status settles the message that its URL names", async () => {
  const deps = webhookDeps();
  const messageId = await sendingMessage(deps);
  const MessageSid = messageSid();
  const parameters = statusParameters({ MessageSid, MessageStatus: "sent" });
  await assertSilentTwiml(await post(deps, { path: pathFor(messageId), parameters }));
  const settled = deps.database.state.messages.find(({ id }) => id === messageId);
  assert.deepEqual(
    [settled?.sendState, settled?.providerMessageId, settled?.deliveryStatus],
    ["handed_over", MessageSid, "sent"],
  );
  assert.deepEqual(deps.database.calls, ["recordDeliveryStatus"]);
  const status = { messageSid: MessageSid, deliveryStatus: "sent" };
  assert.deepEqual(deps.events, [{ event: "status.received", ...status, outcome: "recorded" }]);
});

Deno.test("POST /twilio-webhook/status may be repeated, and come in any order", async () => {
  const deps = webhookDeps();
  const path = pathFor(await sendingMessage(deps));
  const MessageSid = messageSid();
  for (const MessageStatus of ["delivered", "queued", "delivered", "sent", "read"]) {
    const parameters = statusParameters({ MessageSid, MessageStatus });
    await assertSilentTwiml(await post(deps, { path, parameters }));
  }
  const outcomes = deps.events.map((event) => "outcome" in event ? event.outcome : event.event);
  assert.deepEqual(outcomes, ["recorded", "no_news", "no_news", "no_news", "recorded"]);
  assert.equal(deps.database.state.messages.at(-1)?.deliveryStatus, "read");
});

const words: [status: string, logged: string][] = [
  ["accepted", "accepted"],
  ["canceled", "canceled"],
  // It might be anybody's name.
  ["a-word_nobody-knows", "unknown"],
];
for (const [status, logged] of words) {
  Deno.test(`POST /twilio-webhook/status hands on the word "${status}"`, async () => {
    const deps = webhookDeps();
    const parameters = statusParameters({ MessageStatus: status });
    await assertSilentTwiml(await post(deps, { path: STATUS_PATH, parameters }));
    const [event] = deps.events;
    assert.ok(event?.event === "status.received");
    assert.deepEqual([event.deliveryStatus, event.outcome], [logged, "unknown_message"]);
    assert.deepEqual(deps.database.state.rejected, []);
  });
}

const wrongIds: [string, string][] = [
  ["no message_id", STATUS_PATH],
  ["an empty message_id", pathFor("")],
  ["a message_id that is no id", pathFor("1%27%20or%20true")],
  ["the message_id of nobody", pathFor("00000000-0000-4000-8000-000000000000")],
];
for (const [what, path] of wrongIds) {
  Deno.test(`POST /twilio-webhook/status with ${what} goes by the MessageSid`, async () => {
    const deps = webhookDeps();
    const messageId = await sendingMessage(deps);
    const providerMessageId = messageSid();
    const end = { outcome: "handed_over" as const, providerMessageId, deliveryStatus: "queued" };
    await deps.database.recordSend(messageId, 1, end);
    const parameters = statusParameters({ MessageSid: providerMessageId });
    await assertSilentTwiml(await post(deps, { path, parameters }));
    const stranger = await post(deps, { path, parameters: statusParameters() });
    await assertSilentTwiml(stranger);
    const outcomes = deps.events.map((event) => "outcome" in event ? event.outcome : event.event);
    assert.deepEqual(outcomes, ["recorded", "unknown_message"]);
  });
}

const incomplete: [string, Record<string, string | undefined>][] = [
  ["no MessageSid", { MessageSid: undefined }],
  ["a malformed MessageSid", { MessageSid: "SM123" }],
  ["no status", { MessageStatus: undefined }],
  ["an empty status", { MessageStatus: "" }],
  ["a status that is no word", { MessageStatus: "Delivered to +5511987654321" }],
];
for (const [what, overrides] of incomplete) {
  Deno.test(`POST /twilio-webhook/status keeps a callback with ${what} whole`, async () => {
    const deps = webhookDeps();
    const parameters = statusParameters(overrides);
    const path = pathFor(await sendingMessage(deps));
    await assertSilentTwiml(await post(deps, { path, parameters }));
    const [kept] = deps.database.state.rejected;
    const signature = signatureFor(parameters, { path });
    assert.deepEqual([kept?.reason, kept?.parameters, kept?.signature], [
      ...["status_incomplete", parameters, signature],
    ]);
    const rejectedWebhookId = kept?.id;
    assert.deepEqual(deps.events, [
      { event: "webhook.rejected", reason: "status_incomplete", rejectedWebhookId, isNew: true },
    ]);
  });
}

Deno.test("POST /twilio-webhook/status answers 200 when the database is down", async () => {
  const deps = webhookDeps({ apologyText: "Sorry", acknowledgementText: "Thanks" });
  deps.database.failure = new DatabaseError("record_delivery_status", "unreachable", 0);
  const MessageSid = messageSid();
  const [startedAt, known] = [deps.clock.now(), statusParameters({ MessageSid })];
  await assertSilentTwiml(await post(deps, { path: STATUS_PATH, parameters: known }));
  assert.ok(deps.clock.now() - startedAt <= 10_000);
  const parameters = statusParameters({ MessageStatus: undefined });
  await assertSilentTwiml(await post(deps, { path: STATUS_PATH, parameters }));
  const code = "unreachable";
  assert.deepEqual(deps.events, [
    { event: "webhook.failed", code, messageSid: MessageSid },
    { event: "webhook.failed", code, messageSid: "" },
  ]);
});

Deno.test("POST /twilio-webhook/status calls the database again when that may help", async () => {
  const deps = webhookDeps();
  const messageId = await sendingMessage(deps);
  const failures = [new DatabaseError("record_delivery_status", "57P03", 503)];
  deps.database.failure = () => failures.shift();
  const path = pathFor(messageId);
  await assertSilentTwiml(await post(deps, { path, parameters: statusParameters() }));
  assert.equal(deps.database.state.messages.at(-1)?.deliveryStatus, "delivered");
});

const parameters = statusParameters();
const id = "a0000000-0000-4000-8000-000000000001";
const otherId = "a0000000-0000-4000-8000-000000000002";
const refused: [string, WebhookRequest, number, string][] = [
  ["it has no signature", { signature: null }, 403, "signature_missing"],
  ["another token signed", { authToken: "f".repeat(32) }, 403, "signature_invalid"],
  [
    "its query string was not signed",
    { signature: signatureFor(parameters, { path: STATUS_PATH }) },
    ...[403, "signature_invalid"] as const,
  ],
  [
    "another message_id was signed",
    { signature: signatureFor(parameters, { path: pathFor(otherId) }) },
    ...[403, "signature_invalid"] as const,
  ],
  [
    "a parameter was changed",
    { parameters: { ...parameters, MessageStatus: "read" }, signature: signatureFor(parameters) },
    ...[403, "signature_invalid"] as const,
  ],
  ["it is JSON", { contentType: "application/json" }, 415, "content_type_unsupported"],
  ["it is too large", { body: "a".repeat(256 * 1024 + 1) }, 413, "body_too_large"],
  ["it is a GET", { method: "GET" }, 405, "method_not_allowed"],
];
for (const [reason, request, status, code] of refused) {
  Deno.test(`The status route answers ${status} when ${reason}`, async () => {
    const deps = webhookDeps();
    const response = await post(deps, { path: pathFor(id), parameters, ...request });
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
    assert.deepEqual(deps.database.calls, []);
    assert.deepEqual(deps.events, [{ event: "request.refused", code }]);
  });
}

Deno.test("The status route takes no message, and the message route no status", async () => {
  const deps = webhookDeps();
  await post(deps, { path: STATUS_PATH, parameters: webhookParameters() });
  await post(deps, { parameters: statusParameters({ From: undefined }) });
  const reasons = deps.database.state.rejected.map(({ reason }) => reason);
  assert.deepEqual(reasons, ["status_incomplete", "from_missing"]);
  assert.deepEqual(deps.database.state.messages, []);
});

for (const AccountSid of [undefined, "ACffffffffffffffffffffffffffffffff"]) {
  Deno.test(`POST /twilio-webhook/status takes no callback of account ${AccountSid}`, async () => {
    const deps = webhookDeps();
    const parameters = statusParameters({ AccountSid });
    await assertSilentTwiml(await post(deps, { path: STATUS_PATH, parameters }));
    const reasons = deps.database.state.rejected.map(({ reason }) => reason);
    assert.deepEqual(reasons, ["account_sid_unknown"]);
  });
}
