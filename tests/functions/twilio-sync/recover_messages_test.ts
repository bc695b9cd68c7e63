/** A message that no webhook brought: what is told to the database of it. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type { TwilioMessage } from "../../../supabase/functions/_shared/twilio/twilio_messages.ts";
import { sync } from "../../../supabase/functions/twilio-sync/sync.ts";
import { CUSTOMER } from "../../support/factories.ts";
import { readingOf } from "../../support/fake_sync_database.ts";
import { listedInbound, listedOutbound } from "../../support/fake_twilio.ts";
import { type FakeSyncDeps, syncDeps } from "../../support/fakes.ts";

const AT = Date.parse("2026-01-31T12:00:00Z");
const SECOND = 1000;

function listing(...messages: TwilioMessage[]): FakeSyncDeps {
  const deps = syncDeps();
  deps.twilioMessages.messages = messages;
  deps.syncDatabase.plan = { syncSince: 0, readings: [readingOf(AT - 3600_000, AT + 3600_000)] };
  return deps;
}

async function answered(...messages: TwilioMessage[]): Promise<boolean[]> {
  const deps = listing(...messages);
  await sync(deps);
  return deps.syncDatabase.recovered.map(({ bodyJson }) => bodyJson.answered_elsewhere);
}

Deno.test("a recovered message keeps the list's resource whole, and Twilio's time", async () => {
  const resource = { sid: "x", price: null, subresource_uris: { media: "/…" }, tags: ["new"] };
  const deps = listing(listedInbound(AT, { body: "Hi\u0000", resource }));
  await sync(deps);
  const [{ bodyJson, bodyText, createdAt, fromAddress } = assert.fail()] =
    deps.syncDatabase.recovered;
  assert.deepEqual(bodyJson, {
    ...{ kind: "text", media: [], parameters: resource, answered_elsewhere: false },
  });
  assert.deepEqual([bodyText, createdAt, fromAddress], ["Hi\u001b0000", AT, CUSTOMER]);
});

Deno.test("a recovered message with files has their kind and addresses", async () => {
  const deps = listing(listedInbound(AT, { body: "", mediaCount: 1 }));
  await sync(deps);
  const [message] = deps.syncDatabase.recovered;
  assert.equal(message?.bodyText, "[Media message - no text]");
  assert.equal(message?.bodyJson.kind, "image");
  assert.equal(message?.bodyJson.media.length, 1);
});

Deno.test("another system's later message answers it, and is taken over after it", async () => {
  const deps = listing(listedInbound(AT), listedOutbound(AT + 5 * SECOND));
  await sync(deps);
  assert.equal(deps.syncDatabase.recovered[0]?.bodyJson.answered_elsewhere, true);
  assert.equal(deps.syncDatabase.takenOver.length, 1);
});

Deno.test("an answer in the same second, and one taken over before, answer it too", async () => {
  assert.deepEqual(await answered(listedInbound(AT), listedOutbound(AT)), [true]);
  const deps = listing(listedInbound(AT), listedOutbound(AT + SECOND, { sid: "SMtaken" }));
  deps.syncDatabase.standings.set("SMtaken", "taken_over");
  await sync(deps);
  assert.equal(deps.syncDatabase.recovered[0]?.bodyJson.answered_elsewhere, true);
});

const noAnswer: [what: string, message: TwilioMessage][] = [
  ["was sent before it", listedOutbound(AT - SECOND)],
  ["failed", listedOutbound(AT + SECOND, { status: "undelivered" })],
  ["is still scheduled", listedOutbound(AT + SECOND, { status: "scheduled" })],
  ["went to somebody else", listedOutbound(AT + SECOND, { to: "whatsapp:+5511999999999" })],
  ["left from another number", listedOutbound(AT + SECOND, { from: "whatsapp:+15550000" })],
];
for (const [what, message] of noAnswer) {
  Deno.test(`what ${what} is no answer to it`, async () => {
    assert.deepEqual(await answered(listedInbound(AT), message), [false]);
  });
}

Deno.test("our own message, and one that may be ours, are no other system's answer", async () => {
  for (const standing of ["known", "in_doubt"] as const) {
    const deps = listing(listedInbound(AT), listedOutbound(AT + SECOND, { sid: "SMours" }));
    deps.syncDatabase.standings.set("SMours", standing);
    await sync(deps);
    assert.equal(deps.syncDatabase.recovered[0]?.bodyJson.answered_elsewhere, false, standing);
    assert.deepEqual(deps.syncDatabase.takenOver, []);
  }
});

Deno.test("the apology is no other system's answer", async () => {
  const apology = listedOutbound(AT + SECOND, { isTwiml: true, body: "In a moment." });
  const deps = listing(listedInbound(AT), apology);
  deps.ownTexts = ["In a moment."];
  await sync(deps);
  assert.equal(deps.syncDatabase.recovered[0]?.bodyJson.answered_elsewhere, false);
});

Deno.test("each message is answered by what came after it", async () => {
  const question = listedInbound(AT + 10 * SECOND);
  assert.deepEqual(
    await answered(listedInbound(AT), listedOutbound(AT + 5 * SECOND), question),
    [true, false],
  );
});

Deno.test("what the database will never take is kept whole, once, and stops nothing", async () => {
  const [bad, good] = [listedInbound(AT), listedInbound(AT + SECOND)];
  const deps = listing(bad, good);
  const { recoverMessage } = deps.syncDatabase;
  deps.syncDatabase.recoverMessage = (message) =>
    message.providerMessageId === bad.sid
      ? Promise.reject(new DatabaseError("ingest_inbound_message", "22P05", 400))
      : recoverMessage(message);
  for (const rejected of [1, 0]) {
    const result = await sync(deps);
    assert.equal(result.messagesRejected, rejected);
    assert.equal(result.isComplete, true);
  }
  assert.deepEqual(
    deps.database.state.rejected.map(({ reason, parameters }) => ({ reason, parameters })),
    [
      { reason: "database_refused", parameters: bad.resource },
    ],
  );
});

Deno.test("a channel that we do not know is kept whole", async () => {
  const deps = listing(listedInbound(AT, { from: "messenger:123" }));
  await sync(deps);
  assert.equal(deps.database.state.rejected[0]?.reason, "channel_unsupported");
});

Deno.test("a report names no customer and no text", async () => {
  const deps = listing(listedInbound(AT, { body: "my secret" }), listedOutbound(AT + SECOND));
  await sync(deps);
  const events = JSON.stringify(deps.events);
  assert.ok(!events.includes("secret") && !events.includes("+55"), events);
});
