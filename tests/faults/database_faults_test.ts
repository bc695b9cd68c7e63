/** Postgres killed under load, stopped, and pg_net's queue lost. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

Deno.test("Postgres killed under load loses no message that a webhook stored, and doubles none", async () => {
  await using faulty = await FaultStack.start();
  const customers = Array.from({ length: 12 }, () => faulty.newCustomer());

  const load = customers.flatMap((customer) =>
    [1, 2, 3].map((number) => faulty.write(customer, `Message ${number}`))
  );
  await faulty.press("database", "kill");
  const results = await Promise.all(load);

  // Killed and back within the webhook's patience: everybody was heard at once.
  assert.deepEqual(new Set(results.map(({ response }) => response?.status)), new Set([200]));
  await faulty.bringLost();
  await keepsItsPromises(faulty);
});

Deno.test("with the database down a webhook answers in time with the apology, and the sync brings the message", async () => {
  await using faulty = await FaultStack.start({ APOLOGY_TEXT: "We are back in a moment." });
  const customer = faulty.newCustomer();
  await faulty.press("database", "stop");

  const { messageSid, response } = await faulty.write(customer, "Is anybody there?");
  assert.equal(response?.status, 200);
  assert.match(response.body, /<Message>We are back in a moment\.<\/Message>/);
  assert.ok(response.ms < 12_000, `it took ${response.ms} ms`);

  await faulty.press("database", "start");
  await faulty.bringLost();
  await keepsItsPromises(faulty);
  // The apology was ours: it is no other system's answer, and the question gets its own.
  const [message] = await faulty.query(
    `select turn.state from cc_turns as turn join cc_messages as message on message.turn_id = turn.id
    where message.provider_message_id = '${messageSid}'`,
  );
  assert.deepEqual(message, { state: "answered" });
  assert.equal(faulty.stack.twilio.sent(customer).length, 2);
});

Deno.test("a lost queue of pg_net delays a turn until the sweep, no longer", async () => {
  await using faulty = await FaultStack.start();
  await faulty.press("pg_net", "down");
  const customers = Array.from({ length: 5 }, () => faulty.newCustomer());
  await Promise.all(customers.map((customer) => faulty.write(customer, "Ring for me")));
  await faulty.press("pg_net", "lose_queue");
  await faulty.press("pg_net", "up");

  await keepsItsPromises(faulty);
  for (const customer of customers) assert.equal(faulty.stack.twilio.sent(customer).length, 1);
});

Deno.test("rings that the orchestrator refuses are recorded, and the turns answered when it is back", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.query(`
    select vault.update_secret(id, 'wrong-key') from vault.secrets where name = 'orchestrator_key'`);
  await faulty.write(customer, "Nobody opens");
  await faulty.eventually("the failed ring in the audit", async () => {
    const [failed] = await faulty.query(
      "select from cc_audit_logs where event_type = 'orchestrator_trigger_failed' and error_code = 'http_403'",
    );
    return failed !== undefined;
  });
  await faulty.query(`
    select vault.update_secret(id, 'local-orchestrator-key')
    from vault.secrets where name = 'orchestrator_key'`);

  await keepsItsPromises(faulty);
});
