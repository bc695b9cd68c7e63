/** Who is asked for proof, where the code goes, and what is said when it cannot. */
import assert from "node:assert/strict";
import type { Code } from "../../../../supabase/functions/orchestrator/bank/code_sender.ts";
import { createVerifier } from "../../../../supabase/functions/orchestrator/bank/verifier.ts";
import type { VerificationBegin } from "../../../../supabase/functions/orchestrator/bank/verification_database.ts";
import { contextOf } from "../agents/agent_context.ts";
import { fakeBank, fakeVerifications, PHONE } from "./fake_bank.ts";

const CONTEXT = contextOf("Balance?");

function sending(errorCode: string | null = null) {
  const sent: Code[] = [];
  const send = (code: Code) => (sent.push(code), Promise.resolve(errorCode));
  return { sent, channel: "sms", send };
}

Deno.test("require() lets through who is verified, and sends nothing", async () => {
  const sender = sending();
  const database = fakeVerifications("verified");
  assert.equal(await createVerifier({ database, bank: fakeBank(), sender }).require(CONTEXT), null);
  assert.deepEqual([database.begun, sender.sent], [[], []]);
});

Deno.test("require() sends the code to the number on file, and records that", async () => {
  const sender = sending();
  const database = fakeVerifications("not_verified");
  const refusal = await createVerifier({ database, bank: fakeBank(), sender }).require(CONTEXT);
  assert.equal(refusal?.verification, "code_sent");
  assert.ok(!JSON.stringify(refusal).includes("123456"), "the model is told the code");
  assert.deepEqual(database.begun, [{
    ...{ turnId: CONTEXT.turnId, attempt: 1, channel: "sms", address: PHONE, again: false },
  }]);
  assert.deepEqual(sender.sent.map(({ phone, code }) => [phone, code]), [[PHONE, "123456"]]);
  assert.deepEqual(database.recorded, [["c0000000-0000-4000-8000-0000000000c0", null]]);
});

Deno.test("require() says that a code could not be sent, and records why", async () => {
  const database = fakeVerifications("not_verified");
  const verifier = createVerifier({ database, bank: fakeBank(), sender: sending("21211") });
  assert.equal((await verifier.require(CONTEXT))?.verification, "code_not_sent");
  assert.equal(database.recorded[0]?.[1], "21211");
});

const outcomes: [VerificationBegin["outcome"], string][] = [
  ["awaited", "code_awaited"],
  ["same_channel", "cannot_verify"],
  ["too_many_codes", "too_many_codes"],
  ["locked", "locked"],
];
for (const [outcome, verification] of outcomes) {
  Deno.test(`require() sends nothing when the database says ${outcome}`, async () => {
    const sender = sending();
    const database = fakeVerifications("not_verified", { outcome } as VerificationBegin);
    const verifier = createVerifier({ database, bank: fakeBank(), sender });
    assert.equal((await verifier.require(CONTEXT, true))?.verification, verification);
    assert.deepEqual(sender.sent, []);
  });
}

Deno.test("require() makes no code that could only come where the customer writes", async () => {
  for (const [sender, context] of [[null, CONTEXT], [sending(), { ...CONTEXT, channel: "sms" }]]) {
    const database = fakeVerifications("not_verified");
    const verifier = createVerifier({ database, bank: fakeBank(), sender: sender as never });
    const refusal = await verifier.require(context as typeof CONTEXT);
    assert.equal(refusal?.verification, "cannot_verify");
    assert.deepEqual(database.begun, []);
  }
});

Deno.test("require() makes no code for somebody whom the bank does not know", async () => {
  const database = fakeVerifications("not_verified");
  const verifier = createVerifier({ database, bank: fakeBank(), sender: sending() });
  const stranger = { ...CONTEXT, customerAddress: "whatsapp:CC.somebody" };
  assert.equal((await verifier.require(stranger))?.verification, "unknown_customer");
  assert.deepEqual(database.begun, []);
});

Deno.test("require() ends the attempt when the turn is another's by now", async () => {
  for (
    const database of [
      fakeVerifications("lease_lost"),
      fakeVerifications("not_verified", { outcome: "lease_lost" }),
    ]
  ) {
    const verifier = createVerifier({ database, bank: fakeBank(), sender: sending() });
    await assert.rejects(verifier.require(CONTEXT), { code: "lease_lost" });
  }
});
