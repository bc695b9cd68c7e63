/** The adapter of the demo bank against the real database: what the port promises. */
import assert from "node:assert/strict";
import { SECRET_KEY } from "../../local/credentials.ts";
import { createDemoBank } from "../../supabase/functions/orchestrator/bank/demo_bank.ts";
import { startTestStack } from "../support/test_stack.ts";

const PHONES = ["+5511912345678", "+5511987654321"];

Deno.test("the demo bank keeps the port's promises", async (t) => {
  await using test = await startTestStack();
  for (const phone of PHONES) await test.sql`select demo_bank.fill(${phone})`;
  const bank = createDemoBank({
    ...{ supabaseUrl: test.stack.gateway.url, supabaseKey: SECRET_KEY, timeoutMs: 10_000 },
  });
  const known = await bank.findCustomer({ channel: "whatsapp", address: `whatsapp:${PHONES[0]}` });
  assert.equal(known?.phone, PHONES[0]);
  const id = known?.customerId ?? "";
  const other = await bank.findCustomer({ channel: "sms", address: PHONES[1] ?? "" });

  await t.step("knows nobody without a number, or with another", async () => {
    for (const address of ["whatsapp:CC.abc", "whatsapp:+15005550001", "whatsapp:+", ""]) {
      assert.equal(await bank.findCustomer({ channel: "whatsapp", address }), null);
    }
  });
  await t.step("tells amounts as decimals", async () => {
    const accounts = await bank.listAccounts(id);
    assert.deepEqual(accounts.map(({ balance }) => balance), ["1234.56", "9876.50"]);
    const booked = await bank.listTransactions(id, accounts[0]?.accountId ?? "", 2);
    assert.deepEqual(booked?.map(({ text, amount }) => [text, amount]), [
      ["Greengrocer", "-23.50"],
      ["Rent", "-850.00"],
    ]);
  });
  await t.step("shows nobody another's account", async () => {
    const [theirs] = await bank.listAccounts(other?.customerId ?? "");
    assert.equal(await bank.listTransactions(id, theirs?.accountId ?? "", 5), null);
  });
  await t.step("has an effect once under one key", async () => {
    const [key, another] = [crypto.randomUUID(), crypto.randomUUID()];
    assert.equal(await bank.blockCard(id, "4242", key), "blocked");
    assert.equal(await bank.blockCard(id, "4242", key), "blocked");
    assert.equal(await bank.blockCard(id, "4242", another), "already_blocked");
    assert.equal(await bank.blockCard(id, "0000", crypto.randomUUID()), "unknown_card");
    const details = { subject: "Fee", description: "Why?", isVerified: false };
    const caseKey = crypto.randomUUID();
    const opened = await bank.openCase(null, details, caseKey);
    assert.deepEqual(await bank.openCase(null, details, caseKey), opened);
    // A key that was used for something else is no success.
    await assert.rejects(bank.openCase(id, details, key));
  });
  await t.step("finds branches by place, or all", async () => {
    assert.deepEqual((await bank.findBranches("hamburg")).map(({ name }) => name), ["Harbour"]);
    assert.equal((await bank.findBranches(null)).length, 3);
    assert.deepEqual(await bank.findBranches("%"), []);
  });
});
