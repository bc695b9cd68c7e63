/** SIGKILL of the webhook around its one call of the database. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

Deno.test("a webhook killed after COMMIT has stored the message, and a redelivery changes nothing", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("function:twilio-webhook", "kill_at:after_commit");

  const first = await faulty.write(customer, "Killed after COMMIT");
  assert.notEqual(first.response?.status, 200);
  const again = await faulty.write(customer, "", { MessageSid: first.messageSid });
  assert.equal(again.response?.status, 200);

  await keepsItsPromises(faulty);
  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});

Deno.test("what a webhook killed before its call did not store, the sync brings", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("function:twilio-webhook", "kill_at:before_ingest");

  const first = await faulty.write(customer, "Killed before the call");
  assert.notEqual(first.response?.status, 200);
  assert.equal((await faulty.ledger()).lost, 1);
  await faulty.bringLost();

  await keepsItsPromises(faulty);
  await faulty.write(customer, "", { MessageSid: first.messageSid });
  await keepsItsPromises(faulty);
  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});
