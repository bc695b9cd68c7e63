/** Reading Twilio's list: all of it, oldest first, in bounded memory, and the cursor only over what is stored. */
import assert from "node:assert/strict";
import { TwilioReadError } from "../../../supabase/functions/_shared/twilio/read_twilio.ts";
import { sync } from "../../../supabase/functions/twilio-sync/sync.ts";
import { BUSINESS } from "../../support/factories.ts";
import { readingOf } from "../../support/fake_sync_database.ts";
import { listedInbound, listedOutbound } from "../../support/fake_twilio.ts";
import { type FakeSyncDeps, syncDeps } from "../../support/fakes.ts";

const MINUTE = 60_000;
const START = Date.parse("2026-01-31T12:00:00Z");
const END = START + 60 * MINUTE;

function reading(direction: "inbound" | "outbound" = "inbound"): FakeSyncDeps {
  const deps = syncDeps();
  deps.syncDatabase.plan = { syncSince: START, readings: [readingOf(START, END, direction)] };
  return deps;
}

/** From another customer each, so many seconds apart. */
function inboundEvery(seconds: number, count: number) {
  return Array.from(
    { length: count },
    (_, i) => listedInbound(START + i * seconds * 1000, { from: `whatsapp:+5511${1_000_000 + i}` }),
  );
}

Deno.test("sync() reads the business address alone, and moves the cursor to the end", async () => {
  const deps = reading();
  const result = await sync(deps);
  assert.deepEqual(deps.twilioMessages.asked, [{ to: BUSINESS, since: START, until: END }]);
  assert.deepEqual(deps.syncDatabase.completed, [
    { businessAddress: BUSINESS, direction: "inbound", from: START, until: END, isLast: true },
  ]);
  assert.deepEqual([result.isComplete, result.continueFrom], [true, null]);
});

Deno.test("sync() takes in what we do not know, of one customer oldest first", async () => {
  const deps = reading();
  const [first, second, known] = [1, 2, 3].map((i) => listedInbound(START + i * MINUTE));
  deps.twilioMessages.messages = [second!, known!, first!];
  deps.syncDatabase.standings.set(known!.sid, "known");
  const result = await sync(deps);
  const sids = deps.syncDatabase.recovered.map(({ providerMessageId }) => providerMessageId);
  assert.deepEqual(sids, [first!.sid, second!.sid]);
  assert.equal(result.messagesRecovered, 2);
});

Deno.test("sync() takes in nothing outside its times, nothing older than sync_since, nothing outbound as inbound", async () => {
  const deps = reading();
  deps.syncDatabase.plan.syncSince = START + MINUTE;
  const wanted = listedInbound(START + MINUTE);
  deps.twilioMessages.messages = [
    wanted,
    listedInbound(START - 1000),
    listedInbound(END),
    listedInbound(END + 1000),
    listedInbound(START + MINUTE - 1000),
    listedInbound(START + 2 * MINUTE, { isInbound: false }),
  ];
  await sync(deps);
  const sids = deps.syncDatabase.recovered.map(({ providerMessageId }) => providerMessageId);
  assert.deepEqual(sids, [wanted.sid]);
});

Deno.test("sync() goes to the last page", async () => {
  const deps = reading();
  deps.twilioMessages.pageSize = 2;
  deps.twilioMessages.messages = inboundEvery(1, 7);
  assert.equal((await sync(deps)).messagesRecovered, 7);
});

Deno.test("sync() moves no cursor when a page cannot be had, and says so", async () => {
  const deps = reading();
  deps.twilioMessages.failure = new TwilioReadError(429);
  const result = await sync(deps, new Date(START));
  assert.deepEqual(deps.syncDatabase.completed, []);
  assert.deepEqual([result.failures, result.isComplete], [["twilio_429"], false]);
  assert.equal(result.continueFrom, new Date(START).toISOString());
});

Deno.test("sync() moves no cursor past a message that could not be stored", async () => {
  const deps = reading();
  deps.twilioMessages.messages = inboundEvery(60, 3);
  deps.syncDatabase.recoverMessage = () => Promise.reject(new Error("the database is away"));
  const result = await sync(deps);
  assert.deepEqual([deps.syncDatabase.completed, result.isComplete], [[], false]);
});

Deno.test("sync() reads the other addresses when one cannot be read", async () => {
  const deps = reading();
  deps.syncDatabase.plan.readings.push(readingOf(START, END, "outbound"));
  const { pages } = deps.twilioMessages;
  deps.twilioMessages.pages = (filter) => {
    deps.twilioMessages.failure = filter.to ? new TwilioReadError(500) : undefined;
    return pages(filter);
  };
  await sync(deps);
  assert.deepEqual(deps.syncDatabase.completed.map(({ direction }) => direction), ["outbound"]);
});

Deno.test("sync() reads a list that is too long for memory in shorter slices, oldest first, without a gap", async () => {
  const deps = reading();
  deps.twilioMessages.pageSize = 100;
  deps.twilioMessages.messages = inboundEvery(1, 3599);
  const result = await sync(deps);
  assert.equal(result.messagesRecovered, 3599);
  assert.equal(result.isComplete, true);
  const { completed, recovered } = deps.syncDatabase;
  assert.ok(completed.length > 1, "it was read at once");
  assert.deepEqual(
    completed.slice(1).map(({ from }) => from),
    completed.slice(0, -1).map(({ until }) => until),
  );
  assert.deepEqual(completed.map(({ isLast }) => isLast).indexOf(true), completed.length - 1);
  assert.ok(deps.syncDatabase.compared <= 100, "more than a page was compared at once");
  const [first, last] = [recovered[0]!, recovered.at(-1)!];
  assert.ok(first.createdAt < last.createdAt);
});

Deno.test("sync() begins no slice after its time, and says where the next one goes on", async () => {
  const deps = reading();
  deps.twilioMessages.pageSize = 100;
  deps.twilioMessages.messages = inboundEvery(1, 3599);
  const { completeReading } = deps.syncDatabase;
  deps.syncDatabase.completeReading = (...parameters) => {
    deps.clock.pass(2 * MINUTE);
    return completeReading(...parameters);
  };
  const result = await sync(deps, new Date(START));
  assert.equal(deps.syncDatabase.completed.length, 1);
  const until = deps.syncDatabase.completed[0]?.until ?? 0;
  assert.ok(until > START && until < END);
  assert.deepEqual([result.isComplete, result.continueFrom], [
    false,
    new Date(until).toISOString(),
  ]);
});

Deno.test("sync() takes over what another system sent, and stops before what may be ours", async () => {
  const deps = reading("outbound");
  const [theirs, doubted, later] = [1, 2, 3].map((i) => listedOutbound(START + i * MINUTE));
  deps.twilioMessages.messages = [later!, doubted!, theirs!];
  deps.syncDatabase.standings.set(doubted!.sid, "in_doubt");
  const result = await sync(deps);
  assert.deepEqual(deps.syncDatabase.takenOver.map(({ providerMessageId }) => providerMessageId), [
    theirs!.sid,
    later!.sid,
  ]);
  assert.deepEqual(deps.syncDatabase.completed.map(({ until, isLast }) => ({ until, isLast })), [
    { until: doubted!.sentAt, isLast: false },
  ]);
  assert.equal(result.isComplete, false);
});

Deno.test("sync() settles our own sends before it takes anything over", async () => {
  const deps = reading("outbound");
  const order: string[] = [];
  const { listUncertainSends } = deps.database;
  deps.database.listUncertainSends = () => {
    order.push("settle");
    return listUncertainSends();
  };
  const { beginSync } = deps.syncDatabase;
  deps.syncDatabase.beginSync = (since) => {
    order.push("read");
    return beginSync(since);
  };
  await sync(deps);
  assert.deepEqual(order, ["settle", "read"]);
});

Deno.test("sync() leaves our own TwiML where it is", async () => {
  const deps = reading("outbound");
  deps.ownTexts = ["We are back in a moment."];
  const twiml = { isTwiml: true, body: "We are back in a moment. " };
  deps.twilioMessages.messages = [
    listedOutbound(START, twiml),
    listedOutbound(START + 1000, { ...twiml, isTwiml: false }),
  ];
  assert.equal((await sync(deps)).messagesTakenOver, 1);
});
