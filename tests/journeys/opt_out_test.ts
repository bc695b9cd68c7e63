/** A customer who wants no messages gets none, until START: by our own words, by Twilio's, by 21610. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511912345678";
/** Twilio refuses whatever is sent to this number with 21610. */
const BLOCKED = "whatsapp:+150055521610";
const GOODBYE = "You will get no more messages from us. Write START to hear from us again.";
const WELCOME = "Welcome back: you will get our messages again.";

Deno.test("STOP is confirmed, silence follows, and START has the customer answered again", async () => {
  await using test = await startTestStack();
  const { stack: { twilio } } = test;

  await twilio.inbound({ from: CUSTOMER, body: "Stop." });
  const [goodbye] = await twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  assert.equal(goodbye?.body, GOODBYE);

  await twilio.inbound({ from: CUSTOMER, body: "Where is my card?" });
  await twilio.inbound({ from: CUSTOMER, body: "start" });
  await twilio.inbound({ from: CUSTOMER, body: "Hello" });
  const sent = await twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 20_000 });
  assert.equal(sent[1]?.body, WELCOME);
  assert.deepEqual(await turnsOf(test), ["opted_out", "opted_out", "opted_in", "answered"]);
  assert.deepEqual(await optOutEvents(test), [
    ["customer_opted_out", "keyword"],
    ["customer_opted_in", "keyword"],
  ]);
  await eventually("the last reply's hand-over", async () => {
    const [waiting] = await test.sql`
      select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`;
    return waiting === undefined;
  });
  const all = await twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 1000 });
  assert.equal(all.length, 3, "and nothing else was ever sent");
});

Deno.test("what Twilio's Advanced Opt-Out has answered is noted and met with silence", async () => {
  await using test = await startTestStack();
  const { stack: { twilio } } = test;

  await twilio.inbound({ from: CUSTOMER, body: "help", OptOutType: "HELP" });
  await twilio.inbound({ from: CUSTOMER, body: "adios", OptOutType: "STOP" });
  await twilio.inbound({ from: CUSTOMER, body: "Where is my card?" });
  await twilio.inbound({ from: CUSTOMER, body: "start", OptOutType: "START" });
  await twilio.inbound({ from: CUSTOMER, body: "Hello" });
  const sent = await twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  assert.equal(sent.length, 1);
  const byTwilio = "opt_out_handled_by_twilio";
  assert.deepEqual(await turnsOf(test), [byTwilio, byTwilio, "opted_out", byTwilio, "answered"]);
  assert.deepEqual(await optOutEvents(test), [
    ["customer_opted_out", "advanced_opt_out"],
    ["customer_opted_in", "advanced_opt_out"],
  ]);
});

Deno.test("a customer whom Twilio refuses with 21610 is opted out", async () => {
  await using test = await startTestStack();
  const { sql, stack: { twilio } } = test;

  await twilio.inbound({ from: BLOCKED, body: "Hello" });
  await eventually("the refusal", async () => {
    const [refused] = await sql`select from cc_messages where send_state = 'refused'`;
    return refused !== undefined;
  });
  await twilio.inbound({ from: BLOCKED, body: "Are you there?" });
  assert.deepEqual(await turnsOf(test), ["answered", "opted_out"]);
  assert.deepEqual(await optOutEvents(test), [["customer_opted_out", "twilio_error"]]);
});

/** How each inbound message's turn ended, in the order of the messages. */
async function turnsOf({ sql }: TestStack): Promise<string[]> {
  const turns = await sql<{ ended: string }[]>`
    select coalesce(turn.silent_reason, turn.state) as ended
    from cc_messages as message join cc_turns as turn on turn.id = message.turn_id
    where message.direction = 'inbound' order by message.seq`;
  return turns.map(({ ended }) => ended);
}

async function optOutEvents({ sql }: TestStack): Promise<unknown[]> {
  const events = await sql`
    select event_type, output_redacted ->> 'reason' as reason from cc_audit_logs
    where event_type like 'customer_opted%' order by id`;
  return events.map(Object.values);
}
