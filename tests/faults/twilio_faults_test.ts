/** Twilio says later, fails, hangs, or takes the message and never says so. */
import assert from "node:assert/strict";
import { FaultStack } from "./fault_stack.ts";
import { keepsItsPromises } from "./promises.ts";

interface Case {
  what: string;
  faults: [mode: string, times: number][];
}

/** Whether Twilio executed the request or not, the customer gets the reply once. */
const CASES: Case[] = [
  { what: "too many requests", faults: [["refuse:20429", 2]] },
  { what: "a full queue of the sender", faults: [["refuse:21611", 1]] },
  { what: "our token not accepted for a while", faults: [["refuse:20003", 1]] },
  { what: "an error of the server that changed nothing", faults: [["status:500", 1]] },
  { what: "an answer after two seconds", faults: [["slow:2000", 1]] },
  { what: "silence after taking it, then a callback", faults: [["accept_then_hang", 1]] },
  {
    what: "silence after taking it, and no callback",
    faults: [["callbacks:none", 1], ["accept_then_hang", 1]],
  },
  { what: "silence without taking it", faults: [["hang", 1]] },
];

Deno.test("whatever Twilio answers, the reply arrives once", async (t) => {
  await using faulty = await FaultStack.start();
  for (const { what, faults } of CASES) {
    await t.step(what, async () => {
      const customer = faulty.newCustomer();
      for (const [mode, times] of faults) await faulty.press("twilio", mode, times);
      await faulty.write(customer, `Met by ${what}`);
      await keepsItsPromises(faulty);
      assert.equal(faulty.stack.twilio.sent(customer).length, 1);
      await faulty.clearFaults();
    });
  }
});

Deno.test("a number that Twilio refuses for good is not asked again, and the reason is kept", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  await faulty.press("twilio", "refuse:21211", 1);

  await faulty.write(customer, "Refuse me");
  const [refused] = await faulty.eventually("the refusal", async () => {
    const rows = await faulty.query<{ error_code: string }>(
      "select error_code from cc_messages where send_state = 'refused'",
    );
    return rows.length > 0 && rows;
  });

  assert.equal(refused?.error_code, "21211");
  assert.equal(faulty.stack.twilio.sent(customer).length, 0);
  const events = await faulty.query("select from cc_audit_logs where event_type = 'reply_refused'");
  assert.equal(events.length, 1);
});

Deno.test("a message that Twilio puts off for ever is refused in the end", async () => {
  await using faulty = await FaultStack.start();
  await faulty.query("update cc_settings set max_send_attempts = 3");
  await faulty.press("twilio", "refuse:20429", 100);

  await faulty.write(faulty.newCustomer(), "Put me off");
  const [refused] = await faulty.eventually("the refusal", async () => {
    const rows = await faulty.query<{ send_attempt: number; error_code: string }>(
      "select send_attempt, error_code from cc_messages where send_state = 'refused'",
    );
    return rows.length > 0 && rows;
  });

  assert.deepEqual({ ...refused }, { send_attempt: 3, error_code: "20429" });
});

Deno.test("callbacks early, late, shuffled and repeated end in the highest status, each change recorded once", async (t) => {
  await using faulty = await FaultStack.start();
  for (const mode of ["early", "late", "shuffled", "repeated"]) {
    await t.step(mode, async () => {
      const customer = faulty.newCustomer();
      await faulty.press("twilio", `callbacks:${mode}`, 1);
      await faulty.write(customer, `Callbacks ${mode}`);
      await keepsItsPromises(faulty);
      const [read] = await faulty.eventually("the status read", async () => {
        const rows = await faulty.query<{ id: string }>(
          `select id from cc_messages where to_address = '${customer}' and delivery_status = 'read'`,
        );
        return rows.length > 0 && rows;
      });
      const repeated = await faulty.query(`
        select output_redacted ->> 'delivery_status', count(*)
        from cc_audit_logs
        where message_id = '${read?.id}' and event_type = 'delivery_status_changed'
        group by 1 having count(*) > 1`);
      assert.deepEqual(repeated, []);
    });
  }
});

Deno.test("a reply of several parts arrives whole and in order although Twilio falters", async () => {
  await using faulty = await FaultStack.start();
  const customer = faulty.newCustomer();
  const sentences = Array.from({ length: 120 }, (_, n) => `This is sentence number ${n} of it.`);
  faulty.stack.openai.answerWith(sentences.join(" "));
  await faulty.press("twilio", "refuse:20429", 1);
  await faulty.write(customer, "Tell me everything");
  await keepsItsPromises(faulty);

  const parts = faulty.stack.twilio.sent(customer).map(({ body }) => body);
  assert.equal(parts.length, 3);
  assert.ok(parts.every((part) => part.length <= 1600));
  assert.equal(parts.join(" "), sentences.join(" "));
});
