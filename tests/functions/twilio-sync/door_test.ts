/** The sync's door: who may ring, and that it never waits for the work. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { createApp } from "../../../supabase/functions/twilio-sync/app.ts";
import { type FakeSyncDeps, SYNC_KEY, syncDeps } from "../../support/fakes.ts";

interface Ring {
  key?: string | null;
  method?: string;
  path?: string;
  body?: string;
}

async function ring(deps: FakeSyncDeps, options: Ring = {}): Promise<Response> {
  const { key = SYNC_KEY, method = "POST", path = "/twilio-sync" } = options;
  const headers = key === null ? {} : { apikey: key };
  const body = method === "GET" ? {} : { body: options.body ?? "{}" };
  return await createApp(deps).request(`http://internal${path}`, { method, headers, ...body });
}

Deno.test("POST /twilio-sync answers 202 at once and does the work after it", async () => {
  const kept: Promise<unknown>[] = [];
  const deps = syncDeps({ inBackground: (work) => kept.push(work) });
  const listUncertainSends = deps.database.listUncertainSends;
  const answered = Promise.withResolvers<void>();
  let isListed = false;
  deps.database.listUncertainSends = async () => {
    await answered.promise;
    isListed = true;
    return await listUncertainSends();
  };
  const response = await ring(deps);
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { status: "accepted" });
  assert.equal(isListed, false);
  answered.resolve();
  assert.equal(kept.length, 1, "the platform keeps the worker alive for it");
  await kept[0];
  assert.equal(isListed, true);
  assert.deepEqual(deps.events.map(({ event }) => event), ["sync.ended"]);
});

Deno.test("POST /twilio-sync reports the code when the database fails, and nothing else", async () => {
  const deps = syncDeps();
  deps.database.failure = new DatabaseError("list_uncertain_sends", "57014", 500);
  assert.equal((await ring(deps)).status, 202);
  await deps.finished();
  assert.deepEqual(deps.events, [{ event: "sync.failed", code: "57014" }, {
    ...{ event: "sync.ended", messagesRecovered: 0, messagesRejected: 0, messagesTakenOver: 0 },
    ...{ statusesRefreshed: 0, isComplete: false },
  }]);
});

Deno.test("POST /twilio-sync settles sends and reads no list when it is asked for sends only", async () => {
  const deps = syncDeps();
  assert.equal((await ring(deps, { body: '{"only": "sends"}' })).status, 202);
  await deps.finished();
  assert.deepEqual([deps.database.calls, deps.syncDatabase.since], [["listUncertainSends"], []]);
});

Deno.test("POST /twilio-sync with a time answers with what it found", async () => {
  const deps = syncDeps();
  const response = await ring(deps, { body: '{"since": "10m"}' });
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), {
    ...{ messagesRecovered: 0, messagesRejected: 0, messagesTakenOver: 0, statusesRefreshed: 0 },
    ...{ isComplete: true, continueFrom: null, failures: [] },
  });
  assert.deepEqual(deps.syncDatabase.since, [new Date(deps.clock.now() - 600_000)]);
});

const unreadable: [body: string, code: string][] = [
  ['{"since": "yesterday"}', "since_invalid"],
  ['{"since": 48}', "body_invalid"],
  ['{"until": "48h"}', "body_invalid"],
  ["[]", "body_invalid"],
  ["since=48h", "body_invalid"],
];
for (const [body, code] of unreadable) {
  Deno.test(`POST /twilio-sync answers 400 to ${body}, and does nothing`, async () => {
    const deps = syncDeps();
    const response = await ring(deps, { body });
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error: code });
    await deps.finished();
    assert.deepEqual(deps.database.calls, []);
  });
}

Deno.test("POST /twilio-sync accepts each key during a rotation", async () => {
  const deps = syncDeps({ callerKeys: ["older", "newer"] });
  assert.equal((await ring(deps, { key: "older" })).status, 202);
  assert.equal((await ring(deps, { key: "newer" })).status, 202);
});

const refused: [reason: string, options: Ring, status: number, code: string][] = [
  ["it has no key", { key: null }, 403, "key_invalid"],
  ["its key is empty", { key: "" }, 403, "key_invalid"],
  ["its key is another", { key: `${SYNC_KEY}x` }, 403, "key_invalid"],
  ["it has no key for a GET either", { key: null, method: "GET" }, 403, "key_invalid"],
  ["it is a GET", { method: "GET" }, 405, "method_not_allowed"],
  ["it is a DELETE", { method: "DELETE" }, 405, "method_not_allowed"],
  ["its path is unknown", { path: "/twilio-sync/other" }, 404, "not_found"],
  ["it is for another function", { path: "/other" }, 404, "not_found"],
];
for (const [reason, options, status, code] of refused) {
  Deno.test(`The sync answers ${status} when ${reason}`, async () => {
    const deps = syncDeps();
    const response = await ring(deps, options);
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
    await deps.finished();
    assert.deepEqual(deps.database.calls, []);
    assert.deepEqual(deps.events, status === 404 ? [] : [{ event: "request.refused", code }]);
  });
}
