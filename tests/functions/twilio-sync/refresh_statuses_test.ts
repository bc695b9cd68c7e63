/** Statuses whose last word never came. */
import assert from "node:assert/strict";
import { sync } from "../../../supabase/functions/twilio-sync/sync.ts";
import { listedOutbound } from "../../support/fake_twilio.ts";
import { syncDeps } from "../../support/fakes.ts";

Deno.test("sync() asks Twilio about stale statuses and records its word, with the error", async () => {
  const deps = syncDeps();
  const listed = listedOutbound(0, { status: "undelivered", errorCode: "63016" });
  deps.twilioMessages.messages = [listed];
  deps.syncDatabase.stale = [{ messageId: crypto.randomUUID(), providerMessageId: listed.sid }];
  const result = await sync(deps);
  assert.deepEqual(deps.syncDatabase.refreshed, [
    { providerMessageId: listed.sid, deliveryStatus: "undelivered", errorCode: "63016" },
  ]);
  assert.equal(result.statusesRefreshed, 1);
});

Deno.test("sync() asks about at most 50 in one run, and goes on when one cannot be asked about", async () => {
  const deps = syncDeps();
  const listed = Array.from({ length: 60 }, () => listedOutbound(0));
  deps.twilioMessages.messages = listed;
  deps.syncDatabase.stale = listed.map(({ sid }) => ({
    messageId: crypto.randomUUID(),
    providerMessageId: sid,
  }));
  const { message } = deps.twilioMessages;
  deps.twilioMessages.message = (sid) =>
    sid === listed[0]?.sid ? Promise.reject(new Error("away")) : message(sid);
  assert.equal((await sync(deps)).statusesRefreshed, 49);
  assert.equal(deps.syncDatabase.stale.length, 10);
});

Deno.test("sync() leaves the status of a message that Twilio has no more", async () => {
  const deps = syncDeps();
  deps.syncDatabase.stale = [{ messageId: crypto.randomUUID(), providerMessageId: "SMgone" }];
  assert.equal((await sync(deps)).isComplete, true);
  assert.deepEqual(deps.syncDatabase.refreshed, []);
});
