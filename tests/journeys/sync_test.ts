/** What no webhook brought: the sync finds it in Twilio's list, and it is answered once. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { SyncStack } from "../support/sync_stack.ts";

Deno.test("a message that no webhook brought is found, stored and answered once", async () => {
  await using synced = await SyncStack.start();
  const customer = synced.newCustomer();
  const sid = await synced.writeUnheard(customer, "Is anybody there?");

  const found = await synced.sync();
  assert.deepEqual([found.messagesRecovered, found.isComplete], [1, true]);
  await synced.replies(customer, 1);
  const [row] = await synced.sql`
    select body_text, body_json, signature, recovered_at is not null as is_recovered
    from cc_messages where provider_message_id = ${sid}`;
  assert.equal(row?.["body_text"], "Is anybody there?");
  assert.deepEqual([row?.["signature"], row?.["is_recovered"]], [null, true]);
  const { kind, parameters } = row?.["body_json"] ?? {};
  assert.deepEqual([kind, parameters.sid, parameters.direction], ["text", sid, "inbound"]);
  assert.deepEqual(await synced.events(sid), [
    "message_recovered",
    "message_persisted",
    "orchestrator_triggered",
  ]);

  assert.equal((await synced.sync()).messagesRecovered, 0);
  assert.equal(synced.stack.twilio.sent(customer).length, 1);
});

Deno.test("pg_cron's ring is enough", async () => {
  await using synced = await SyncStack.start();
  const customer = synced.newCustomer();
  await synced.writeUnheard(customer, "Hello?");
  await synced.sql`select cc_private.ring_reading()`;
  await synced.replies(customer, 1);
});

Deno.test("the late webhook completes what the sync brought, once, and is not answered again", async () => {
  await using synced = await SyncStack.start();
  const customer = synced.newCustomer();
  const sid = await synced.writeUnheard(customer, "Late", { ProfileName: "Ana" });
  await synced.sync();
  await synced.replies(customer, 1);
  const late = await synced.deliver(sid);
  assert.equal(late.response?.status, 200);

  const look = async () => {
    const [row] = await synced.sql`
      select message.body_json, message.signature, message.completed_at, message.updated_at, customer.name
      from cc_messages as message
      join cc_conversations as conversation on conversation.id = message.conversation_id
      join cc_customers as customer on customer.id = conversation.customer_id
      where message.provider_message_id = ${sid}`;
    return row;
  };
  const completed = await look();
  assert.equal(completed?.["body_json"].parameters.ProfileName, "Ana");
  assert.equal(completed?.["name"], "Ana");
  assert.ok(completed?.["signature"] && completed["completed_at"]);
  const events = await synced.events(sid);
  assert.deepEqual(events.at(-1), "inbound_webhook_received");

  await synced.deliver(sid);
  await synced.sync("1h");
  assert.deepEqual(await look(), completed, "a repeat writes nothing");
  assert.deepEqual(await synced.events(sid), events);
  assert.equal(synced.stack.twilio.sent(customer).length, 1);
});

Deno.test("webhook and sync that race for the same messages bring each once", async () => {
  await using synced = await SyncStack.start();
  const customers = Array.from({ length: 12 }, () => synced.newCustomer());
  const sids = await Promise.all(
    customers.map((customer) => synced.writeUnheard(customer, "Race")),
  );

  await Promise.all([
    ...sids.map((sid) => synced.deliver(sid)),
    ...[1, 2, 3].map(() => synced.sync("1h")),
  ]);
  for (const customer of customers) await synced.replies(customer, 1);
  const rows = await synced.sql`
    select count(*)::integer as messages, count(distinct turn_id)::integer as turns,
      count(signature)::integer as signed
    from cc_messages where direction = 'inbound'`;
  assert.deepEqual({ ...rows[0] }, { messages: 12, turns: 12, signed: 12 });
  for (const customer of customers) assert.equal(synced.stack.twilio.sent(customer).length, 1);
  await synced.keepsItsChains();
});

Deno.test("media of a message that no webhook brought are fetched", async () => {
  await using synced = await SyncStack.start();
  const sid = await synced.writeUnheard(synced.newCustomer(), "", {
    media: [{ contentType: "image/png" }, { contentType: "audio/ogg" }],
  });
  await synced.sync();
  const [row] = await synced.sql`
    select body_text, body_json from cc_messages where provider_message_id = ${sid}`;
  assert.equal(row?.["body_text"], "[Media message - no text]");
  assert.equal(row?.["body_json"].kind, "image");
  await eventually("both files to be stored", async () => {
    const files = await synced.sql`
      select media.state from cc_media as media
      join cc_messages as message on message.id = media.message_id
      where message.provider_message_id = ${sid}`;
    return files.length === 2 && files.every(({ state }) => state === "stored");
  });
});

Deno.test("what another system has answered gets no second answer, and its answer is in the history", async () => {
  await using synced = await SyncStack.start();
  const customer = synced.newCustomer();
  const sid = await synced.writeUnheard(customer, "Are you open?");
  const theirs = await synced.sendAsAnotherSystem(customer, "Until six.");

  const found = await synced.sync();
  assert.deepEqual([found.messagesRecovered, found.messagesTakenOver], [1, 1]);
  const [turn] = await synced.sql`
    select turn.state, turn.silent_reason from cc_turns as turn
    join cc_messages as message on message.turn_id = turn.id
    where message.provider_message_id = ${sid}`;
  assert.deepEqual({ ...turn }, { state: "silent", silent_reason: "answered_elsewhere" });
  const [taken] = await synced.sql`
    select seq::integer, body_text, send_state, turn_id, body_json ->> 'kind' as kind
    from cc_messages where provider_message_id = ${theirs}`;
  assert.deepEqual({ ...taken }, {
    ...{ seq: 2, body_text: "Until six.", send_state: "handed_over", turn_id: null },
    kind: "taken_over",
  });

  await synced.stack.twilio.inbound({ from: customer, body: "Thanks. And on Sunday?" });
  await synced.replies(customer, 2);
  await synced.keepsItsChains();
});

Deno.test("our own replies, and the apology, are no other system's", async () => {
  await using synced = await SyncStack.start({ ACKNOWLEDGEMENT_TEXT: "One moment." });
  const customer = synced.newCustomer();
  await synced.stack.twilio.inbound({ from: customer, body: "Hello" });
  await synced.replies(customer, 2);
  const found = await synced.sync("1h");
  assert.deepEqual([found.messagesRecovered, found.messagesTakenOver], [0, 0]);
});

Deno.test("Twilio's clock may be ahead or behind: nothing is lost", async () => {
  await using synced = await SyncStack.start();
  const ring = () => synced.sql`select cc_private.ring_reading()`;
  const [behind, ahead] = [synced.newCustomer(), synced.newCustomer()];
  const at = (ms: number) => ({ receivedAt: new Date(Date.now() + ms).toISOString() });
  await synced.sync();
  // The cursor stands at now, and Twilio says that this was ten minutes ago.
  await synced.writeUnheard(behind, "Behind", at(-600_000));
  await synced.writeUnheard(ahead, "Ahead", at(2_000));
  await ring();
  await synced.replies(behind, 1);
  await eventually("the message of the future", async () => {
    await ring();
    return synced.stack.twilio.sent(ahead).length === 1;
  });
});

Deno.test("only the business addresses of the settings are read", async () => {
  await using synced = await SyncStack.start();
  await synced.writeUnheard(synced.newCustomer(), "To somebody else", {
    to: "whatsapp:+15005550123",
  });
  const ours = await synced.writeUnheard(synced.newCustomer(), "To us");
  assert.equal((await synced.sync()).messagesRecovered, 1);
  const rows = await synced
    .sql`select provider_message_id as sid from cc_messages where direction = 'inbound'`;
  assert.deepEqual(rows.map(({ sid }) => sid), [ours]);
});

Deno.test("a status whose callback never came is asked for", async () => {
  await using synced = await SyncStack.start();
  const customer = synced.newCustomer();
  await synced.stack.twilio.faults.press({ target: "twilio", mode: "callbacks:none", times: 10 });
  await synced.stack.twilio.inbound({ from: customer, body: "Hello" });
  await synced.replies(customer, 1);
  await eventually("Twilio to have delivered it", async () => {
    await Promise.resolve();
    return synced.stack.twilio.sent(customer)[0]?.status === "read";
  });
  await eventually("the send to be recorded", async () => {
    const aged = await synced.sql`
      update cc_messages set handed_over_at = now() - interval '1 hour'
      where send_state = 'handed_over' returning delivery_status`;
    return aged.length === 1;
  });
  assert.equal((await synced.sync()).statusesRefreshed, 1);
  const [row] = await synced.sql`
    select delivery_status from cc_messages where direction = 'outbound'`;
  assert.equal(row?.["delivery_status"], "read");
});
