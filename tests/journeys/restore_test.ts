/** A backup is put back: the sync brings what it does not know, and nothing is answered twice. */
import assert from "node:assert/strict";
import { ORCHESTRATOR_KEY } from "../../local/credentials.ts";
import { eventually } from "../support/eventually.ts";
import { takeBackup } from "../support/restore.ts";
import { SyncStack } from "../support/sync_stack.ts";

Deno.test("after a restore to an earlier time every message is there, and each is answered once", async () => {
  await using synced = await SyncStack.start();
  const { sql, stack } = synced;
  const write = (from: string, body: string) => stack.twilio.inbound({ from, body });
  const customers = Array.from({ length: 5 }, () => synced.newCustomer());
  const [answered = "", unsent = "", unanswered = "", lost = "", unheard = ""] = customers;

  await write(answered, "I was answered before the backup");
  await synced.replies(answered, 1);
  // Its reply is stored, and waits for Twilio.
  await stack.twilio.faults.press({ target: "twilio", mode: "status:429", times: 1 });
  await write(unsent, "My reply was not sent yet");
  await eventually("the reply to be put off", async () => {
    const [waiting] = await sql`
      select from cc_messages where to_address = ${unsent} and send_state = 'ready'
        and send_attempt = 1`;
    return waiting;
  });
  await sql`update cc_messages set send_due_at = now() + interval '1 hour'
    where to_address = ${unsent} and send_state = 'ready'`;
  await sql`update cc_settings set debounce_ms = 9000, debounce_max_ms = 60000 where id`;
  await write(unanswered, "I was not answered yet");
  await using backup = await takeBackup(sql);

  await sql`update cc_settings set debounce_ms = 0 where id`;
  await sql`update cc_messages set send_due_at = now() where send_state = 'ready'`;
  await sql`update cc_turns set due_at = now() where state = 'pending'`;
  await write(lost, "I wrote and was answered after the backup");
  for (const customer of [unsent, unanswered, lost]) await synced.replies(customer, 1);
  await synced.keepsItsChains();
  // Twilio's times have whole seconds: the next message is younger than the answer before it.
  await new Promise((done) => setTimeout(done, 1100));
  await synced.writeUnheard(unheard, "Nobody heard me");
  await synced.writeUnheard(unanswered, "And this?");

  // The functions have another key than the backup: its rings are refused until all is settled.
  await backup.inCopy((copy) =>
    copy`select vault.update_secret(id, 'the key before') from vault.secrets
      where name = 'orchestrator_key'`
  );
  await backup.restore();
  const [{ count } = { count: -1 }] = await sql`
    select count(*)::integer as count from cc_messages where from_address = ${lost}`;
  assert.equal(count, 0, "the restore took it away");

  const found = await synced.sync();
  assert.deepEqual([found.messagesRecovered, found.isComplete], [3, true]);
  const [settled] = await sql`select cc_private.settle_restored(${backup.takenAt}) as done`;
  assert.deepEqual(settled?.["done"], { settled_sends: 1, answered_messages: 1 });
  await sql`update cc_settings set debounce_ms = 0, redispatch_seconds = 1 where id`;
  await sql`select vault.update_secret(id, ${ORCHESTRATOR_KEY}) from vault.secrets
    where name = 'orchestrator_key'`;
  await eventually("the sweep to ring for what waited", async () => {
    await sql`select cc_private.sweep()`;
    return stack.twilio.sent(unheard).length > 0;
  });

  await synced.replies(unheard, 1);
  await synced.replies(unanswered, 2);
  await synced.keepsItsChains();
  const sent = customers.map((customer) => stack.twilio.sent(customer).length);
  assert.deepEqual(sent, [1, 1, 2, 1, 1], "answered once: before, between or after");
  const texts = await sql`
    select from_address, body_text from cc_messages where direction = 'inbound'
    order by from_address, created_at`;
  assert.equal(texts.length, 6, "no message is missing, and none is there twice");
  const silent = await sql`
    select message.body_text from cc_messages as message
    join cc_turns as turn on turn.id = message.turn_id
    where turn.state = 'silent' and turn.silent_reason = 'answered_elsewhere'
      and message.direction = 'inbound' order by 1`;
  assert.deepEqual(silent.map((row) => row["body_text"]), [
    "I was not answered yet",
    "I wrote and was answered after the backup",
  ]);
});
