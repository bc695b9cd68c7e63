/** No webhook comes at all, and the sync itself is killed: Twilio's list brings every message. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

Deno.test("with all webhooks off the sync brings every message, and says that they are missed", async () => {
  await using faulty = await FaultStack.start();
  await faulty.press("webhooks", "drop", 1000);
  const customers = Array.from({ length: 6 }, () => faulty.newCustomer());
  for (const round of [1, 2, 3]) {
    await Promise.all(customers.map((customer) => faulty.write(customer, `Message ${round}`)));
  }
  assert.equal((await faulty.ledger()).lost, 18);

  await faulty.bringLost();
  await keepsItsPromises(faulty);
  const rows = await faulty.query<{ texts: string[] }>(`
    select array_agg(body_text order by seq) as texts
    from cc_messages where direction = 'inbound' group by conversation_id`);
  for (const { texts } of rows) {
    assert.deepEqual(texts, ["Message 1", "Message 2", "Message 3"], "not in the customer's order");
  }
  await faulty.eventually("the alert", async () => {
    await Promise.resolve();
    return JSON.stringify(faulty.stack.alerts.received).includes('"webhooks_missed"');
  });
});

for (const point of ["after_list", "before_recover", "after_recover"]) {
  Deno.test(`a sync killed ${point.replace("_", " ")} loses nothing and doubles nothing`, async () => {
    await using faulty = await FaultStack.start();
    await faulty.press("webhooks", "drop", 1000);
    const customers = Array.from({ length: 4 }, () => faulty.newCustomer());
    await Promise.all(customers.map((customer) => faulty.write(customer, "Hello")));
    await faulty.press("function:twilio-sync", `kill_at:${point}`);

    await faulty.bringLost();
    await keepsItsPromises(faulty);
    assert.equal(await faulty.isArmed("kill_at"), false, "it was never killed");
    for (const customer of customers) assert.equal(faulty.stack.twilio.sent(customer).length, 1);
  });
}

Deno.test("Twilio's list may refuse, fail and lag: nothing is lost", async () => {
  await using faulty = await FaultStack.start();
  await faulty.press("webhooks", "drop", 1000);
  const customer = faulty.newCustomer();
  await faulty.write(customer, "Hello");
  await faulty.press("twilio_list", "refuse:20429", 2);
  await faulty.press("twilio_list", "status:500", 3);
  await faulty.press("twilio_list", "lag:60000", 4);

  await faulty.bringLost();
  await keepsItsPromises(faulty);
  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});

Deno.test("a send in doubt is settled by the list, and never taken for another system's", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("twilio", "callbacks:none", 100);
  await faulty.press("function:orchestrator", "kill_at:after_post");
  await faulty.write(customer, "Hello");
  await faulty.eventually("the killed sender", async () => !await faulty.isArmed("kill_at"));
  // While the message is in sending: it is in Twilio's list, and its SID in no table.
  for (let i = 0; i < 3; i++) await faulty.ringSync();
  await faulty.endLeases();

  await keepsItsPromises(faulty);
  assert.deepEqual(
    await faulty.query(
      "select id from cc_messages where direction = 'outbound' and recovered_at is not null",
    ),
    [],
  );
  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});
