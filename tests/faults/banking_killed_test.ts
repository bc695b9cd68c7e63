/** SIGKILL of the orchestrator around a code and around an effect at the bank: neither comes twice. */
import assert from "node:assert/strict";
import { Calls } from "../../local/openai_simulator.ts";
import { BANK_SETTINGS, codesOf, lastCode } from "../support/banking.ts";
import { FaultStack } from "./fault_stack.ts";

/** Around the effect, in the order in which a turn passes them. */
const POINTS = ["after_begin", "after_effect", "after_finish", "after_complete"];

async function startBank(): Promise<FaultStack> {
  const faulty = await FaultStack.start(BANK_SETTINGS);
  // The model wants the card blocked at every attempt, as one does that knows nothing of the last.
  faulty.stack.openai.answerWith(({ schema, toolOutputs }) =>
    schema && toolOutputs.length === 0
      ? new Calls({ name: "block_card", arguments: { last_digits: "4242" } })
      : "So it is."
  );
  return faulty;
}

async function newBankCustomer(faulty: FaultStack): Promise<string> {
  const customer = faulty.newCustomer();
  await faulty.query(`select demo_bank.fill('${customer.replace("whatsapp:", "")}')`);
  return customer;
}

async function replies(faulty: FaultStack, customer: string, count: number) {
  await faulty.eventually(
    `${count} replies`,
    () => Promise.resolve(faulty.stack.twilio.sent(customer).length >= count),
  );
}

async function dies(faulty: FaultStack, point: string) {
  await faulty.eventually(
    `the death ${point}`,
    async () => !await faulty.isArmed("kill_at:"),
  );
  await faulty.endLeases();
}

Deno.test("an orchestrator killed around block_card blocks the card once", async (t) => {
  await using faulty = await startBank();
  const { twilio } = faulty.stack;
  for (const point of POINTS) {
    await t.step(`killed ${point}`, async () => {
      const customer = await newBankCustomer(faulty);
      await faulty.write(customer, "Block my card 4242");
      await replies(faulty, customer, 1);
      await faulty.press("function:orchestrator", `kill_at:${point}`);
      await faulty.write(customer, lastCode(twilio, customer));
      await dies(faulty, point);
      await faulty.heals();

      assert.equal(twilio.sent(customer).length, 2);
      const phone = customer.replace("whatsapp:", "");
      const [done] = await faulty.query(`
        select card.block_count,
          (select count(*)::int from demo_bank.effects as effect where effect.customer_id = customer.id) as effects
        from demo_bank.customers as customer
        join demo_bank.accounts as account on account.customer_id = customer.id
        join demo_bank.cards as card on card.account_id = account.id
        where customer.phone = '${phone}' and card.last_digits = '4242'`);
      assert.deepEqual({ ...done }, { block_count: 1, effects: 1 });
      await faulty.clearFaults();
    });
  }
});

Deno.test("a code that was made and not sent costs a new one, and only that one counts", async () => {
  await using faulty = await startBank();
  const { twilio } = faulty.stack;
  const customer = await newBankCustomer(faulty);
  await faulty.press("function:orchestrator", "kill_at:after_code");
  await faulty.write(customer, "Block my card 4242");
  await dies(faulty, "after_code");
  await replies(faulty, customer, 1);
  await faulty.heals();

  const made = await faulty.query(
    "select from cc_audit_logs where event_type = 'code_requested'",
  );
  assert.equal(made.length, 2);
  assert.equal(codesOf(twilio, customer).length, 1);
  await faulty.write(customer, lastCode(twilio, customer));
  await replies(faulty, customer, 2);
  await faulty.heals();
  const blocked = await faulty.query(
    "select block_count from demo_bank.cards where blocked_at is not null",
  );
  assert.deepEqual(blocked.map((card) => card["block_count"]), [1]);
});
