/** A customer's phone that is offline gets nothing until it is back. */
import assert from "node:assert/strict";
import { Presence } from "../../local/twilio_simulator/presence.ts";

const ADDRESS = "whatsapp:+4915112345678";

Deno.test("whenOnline() resolves at once for a phone that is online", async () => {
  await new Presence().whenOnline(ADDRESS, new AbortController().signal);
});

Deno.test("whenOnline() waits until the phone is back, and for no other phone", async () => {
  const presence = new Presence();
  presence.goOffline(ADDRESS);
  presence.goOffline(ADDRESS);
  let isDelivered = false;
  const waiting = presence.whenOnline(ADDRESS, new AbortController().signal)
    .then(() => isDelivered = true);
  await presence.whenOnline("whatsapp:+491", new AbortController().signal);
  assert.equal(isDelivered, false);
  presence.goOnline(ADDRESS);
  await waiting;
  assert.equal(presence.isOffline(ADDRESS), false);
});

Deno.test("whenOnline() ends with its signal", async () => {
  const presence = new Presence();
  presence.goOffline(ADDRESS);
  const stopping = new AbortController();
  const waiting = presence.whenOnline(ADDRESS, stopping.signal);
  stopping.abort();
  await waiting;
});
