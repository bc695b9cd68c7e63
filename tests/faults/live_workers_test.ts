/** Leases that end under workers which are still alive: only the newest may answer. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

Deno.test("a worker that wakes after its lease has ended cannot answer a second time", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  // The agent's answer comes after the turn was given to somebody else.
  await faulty.press("openai", "slow:3000", 1);

  await faulty.write(customer, "Take your time");
  await faulty.eventually("the first claim", async () => {
    const [running] = await faulty.query("select from cc_turns where state = 'running'");
    return running !== undefined;
  });
  await faulty.endLeases();
  await keepsItsPromises(faulty);
  await faulty.eventually(
    "the first worker to notice",
    () => Promise.resolve(faulty.lines.some((line) => line.includes('"outcome":"lease_lost"'))),
  );

  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
  await keepsItsPromises(faulty);
});

Deno.test("a sender whose lease ends while Twilio keeps it waiting does not send again, nor does another", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("twilio", "callbacks:none", 1);
  await faulty.press("twilio", "accept_then_hang", 1);

  await faulty.write(customer, "Send me slowly");
  await faulty.eventually("the send under way", async () => {
    const [sending] = await faulty.query("select from cc_messages where send_state = 'sending'");
    return sending !== undefined;
  });
  await faulty.endLeases();
  await keepsItsPromises(faulty);

  assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});

Deno.test("many sweeps at once do each thing once", async () => {
  await using faulty = await FaultStack.start();
  await faulty.press("pg_net", "down");
  const customers = Array.from({ length: 20 }, () => faulty.newCustomer());
  await Promise.all(customers.map((customer) => faulty.write(customer, "Sweep me up")));
  await faulty.press("pg_net", "lose_queue");
  await faulty.query("update cc_settings set redispatch_seconds = 600");
  await faulty.query("update cc_turns set dispatched_at = now() - interval '1 hour'");

  await Promise.all(Array.from({ length: 8 }, () => faulty.query("select cc_private.sweep()")));
  const [rung] = await faulty.query<{ times: string }>(`
    select max(times) as times from (
      select count(*) as times from cc_private.dispatches
      where dispatched_at > now() - interval '1 minute' group by conversation_id
    ) as per_conversation`);
  assert.ok(Number(rung?.times) <= 2, `a conversation was rung for ${rung?.times} times`);
  await faulty.press("pg_net", "up");
  await faulty.query("update cc_settings set redispatch_seconds = 1");
  await keepsItsPromises(faulty);
});
