/** Sends in doubt: what Twilio's list shows of them is told to the database, and nothing less. */
import assert from "node:assert/strict";
import type { ListedMessage } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { settleSends } from "../../../supabase/functions/twilio-sync/settle_sends.ts";
import { inboundMessage, messageSid } from "../../support/factories.ts";
import { type FakeSyncDeps, syncDeps } from "../../support/fakes.ts";

const [ANA, BIA] = ["whatsapp:+5511900000001", "whatsapp:+5511900000002"];
/** More than the lease and the grace time. Milliseconds. */
const LATER_MS = 91_000;

/** Stores a message to this address of which nobody knows whether Twilio took it; gives its id. */
async function doubted({ database, clock }: FakeSyncDeps, fromAddress: string): Promise<string> {
  const message = inboundMessage({ fromAddress });
  const stored = await database.ingestInboundMessage(message, message.providerMessageId);
  clock.pass(1000);
  const turn = await database.claimTurn(stored.conversationId);
  assert.ok(turn.outcome === "claimed");
  await database.completeTurn(turn.turnId, turn.attempt, { reply: ["Good morning!"] });
  const send = await database.claimSend(stored.conversationId);
  assert.ok(send.outcome === "claimed");
  const end = { outcome: "uncertain" as const, errorCode: "timeout", errorMessage: "" };
  await database.recordSend(send.messageId, send.attempt, end);
  database.calls.length = 0;
  return send.messageId;
}

/** An entry of Twilio's list, made so many milliseconds ago. */
function entry({ clock }: FakeSyncDeps, agoMs = 0): ListedMessage {
  const dateCreated = new Date(clock.now() - agoMs).toISOString();
  return { sid: messageSid(), body: "Good morning!", status: "delivered", dateCreated };
}

function sendStates({ database }: FakeSyncDeps): (string | null)[] {
  return database.state.messages.flatMap(({ direction, sendState }) =>
    direction === "outbound" ? [sendState] : []
  );
}

Deno.test("settleSends() reads no list while nothing is in doubt", async () => {
  const deps = syncDeps({ listMessages: () => Promise.reject(new Error("was read")) });
  await settleSends(deps);
  assert.deepEqual([deps.database.calls, deps.events], [["listUncertainSends"], []]);
});

Deno.test("settleSends() reads the list of each address in doubt and settles what it shows", async () => {
  const deps = syncDeps();
  const ids = [await doubted(deps, ANA), await doubted(deps, BIA)];
  const read: string[] = [];
  deps.clock.pass(LATER_MS);
  deps.listMessages = (address) => {
    read.push(address);
    return Promise.resolve(address === ANA ? [entry(deps)] : []);
  };
  await settleSends(deps);
  assert.deepEqual(read, [ANA, BIA]);
  assert.deepEqual(sendStates(deps), ["handed_over", "uncertain"]);
  const [first, second] = ids as [string, string];
  assert.deepEqual(deps.events, [
    { event: "send.settled", messageId: first, outcome: "found", attempt: 1 },
    { event: "send.settled", messageId: second, outcome: "absent_once", attempt: 1 },
  ]);
});

Deno.test("settleSends() lets a message leave again after two readings without it", async () => {
  const deps = syncDeps();
  await doubted(deps, ANA);
  const outcomes = async () => {
    deps.events.length = 0;
    await settleSends(deps);
    return deps.events.map((event) => "outcome" in event ? event.outcome : event.event).join();
  };
  assert.equal(await outcomes(), "too_early");
  deps.clock.pass(LATER_MS);
  assert.equal(await outcomes(), "absent_once");
  assert.equal(await outcomes(), "too_early");
  deps.clock.pass(LATER_MS);
  assert.equal(await outcomes(), "proven_absent");
  assert.deepEqual(sendStates(deps), ["ready"]);
});

Deno.test("settleSends() counts a reading from before it began, however long it takes", async () => {
  const deps = syncDeps();
  await doubted(deps, ANA);
  deps.listMessages = () => {
    // What was sent while the list was read need not be in it.
    deps.clock.pass(LATER_MS);
    return Promise.resolve([]);
  };
  await settleSends(deps);
  const [event] = deps.events;
  assert.ok(event?.event === "send.settled" && event.outcome === "too_early");
});

for (const failing of [ANA, BIA]) {
  const which = failing === ANA ? "first" : "second";
  Deno.test(`settleSends() goes on when the ${which} list cannot be read, and reports it as no reading`, async () => {
    const deps = syncDeps();
    await doubted(deps, ANA);
    await doubted(deps, BIA);
    deps.clock.pass(LATER_MS);
    deps.database.calls.length = 0;
    deps.listMessages = (address) =>
      address === failing
        ? Promise.reject(new Error(`Cannot list messages to ${address}`))
        : Promise.resolve([]);
    await settleSends(deps);
    assert.deepEqual(deps.database.calls, ["listUncertainSends", "settleSend"]);
    const absences = deps.database.state.messages.flatMap(({ toAddress, absentSince }) =>
      absentSince === null ? [] : [toAddress]
    );
    assert.deepEqual(absences, [failing === ANA ? BIA : ANA]);
    const failed = deps.events.filter(({ event }) => event === "sync.failed");
    assert.deepEqual(failed, [{ event: "sync.failed", code: "Error" }]);
    assert.ok(!JSON.stringify(deps.events).includes(failing));
  });
}

Deno.test("settleSends() goes on when the database fails for one send", async () => {
  const deps = syncDeps();
  await doubted(deps, ANA);
  await doubted(deps, BIA);
  const failures = [undefined, new DatabaseError("settle_send", "57014", 500)];
  deps.database.failure = () => failures.shift();
  await settleSends(deps);
  assert.deepEqual(deps.events.map(({ event }) => event), ["sync.failed", "send.settled"]);
});

Deno.test("settleSends() throws when the database has no list of what is in doubt", async () => {
  const deps = syncDeps();
  deps.database.failure = new DatabaseError("list_uncertain_sends", "unreachable", 0);
  await assert.rejects(settleSends(deps), { code: "unreachable" });
});

Deno.test("settleSends() tells only of what was made since the claim, a minute's skew allowed", async () => {
  const deps = syncDeps();
  await doubted(deps, ANA);
  const since = 60_000;
  const listed = [0, since, since + 1, 3600_000].map((agoMs) => entry(deps, agoMs));
  deps.listMessages = () => Promise.resolve(listed);
  let given: unknown[] = [];
  deps.database.settleSend = (...parameters) => {
    given = parameters;
    return Promise.resolve({ outcome: "found" });
  };
  deps.clock.pass(10_000);
  const { readStartedAt, messages } = await deps.database.listUncertainSends();
  await settleSends(deps);
  assert.deepEqual(given, [messages[0], readStartedAt, listed.slice(0, 2)]);
});
