/** What a model can ask of the bank: of its own customer alone, and of accounts only with proof. */
import assert from "node:assert/strict";
import { bankingTools } from "../../../../supabase/functions/orchestrator/agents/tools/banking.ts";
import { createToolbox } from "../../../../supabase/functions/orchestrator/agents/tools/toolbox.ts";
import type { Refusal } from "../../../../supabase/functions/orchestrator/bank/verifier.ts";
import { fakeBank, MINE } from "../bank/fake_bank.ts";
import { contextOf } from "./agent_context.ts";

const KEY = "00000000-0000-4000-8000-00000000cafe";
const REFUSED: Refusal = {
  ...{ error: "not_verified", verification: "code_sent", what_to_do: "Ask for it." },
};

function open(isVerified: boolean) {
  const bank = fakeBank();
  const asked: boolean[] = [];
  const verifier = {
    require: (_: unknown, again = false) => {
      asked.push(again);
      return Promise.resolve(isVerified ? null : REFUSED);
    },
    isVerified: () => Promise.resolve(isVerified),
  };
  const database = {
    beginToolCall: () => Promise.resolve({ outcome: "started" as const, toolCallId: KEY }),
    finishToolCall: (_: string, result: unknown) => Promise.resolve(result),
  };
  const toolbox = createToolbox(bankingTools({ bank, verifier }), database);
  const tools = toolbox.open(contextOf("Hello"));
  const call = async (name: string, given: unknown) =>
    JSON.parse(await tools.call(name, JSON.stringify(given)));
  return { call, bank, asked, definitions: toolbox.definitions };
}

const OF_ACCOUNTS: [string, unknown][] = [
  ["list_accounts", {}],
  ["get_balance", { account_id: null }],
  ["list_transactions", { account_id: "a1" }],
  ["block_card", { last_digits: "4242" }],
];

Deno.test("no tool takes a customer, a phone number or a conversation", () => {
  const names = open(true).definitions.flatMap(({ parameters }) =>
    Object.keys(parameters["properties"] as Record<string, unknown>)
  );
  assert.deepEqual(
    new Set(names),
    new Set([
      ...["account_id", "last_digits", "place", "subject", "description"],
    ]),
  );
});

for (const [name, given] of OF_ACCOUNTS) {
  Deno.test(`${name} asks the bank nothing before the customer is verified`, async () => {
    const { call, bank } = open(false);
    assert.deepEqual(await call(name, given), REFUSED);
    assert.deepEqual(bank.calls, []);
  });
}

Deno.test("get_balance tells of the account that is asked for, else of the main one", async () => {
  const { call } = open(true);
  assert.deepEqual(await call("get_balance", { account_id: null }), {
    ...{ account: "Current", balance: "10.00", currency: "EUR" },
  });
  assert.equal((await call("get_balance", { account_id: "a2" })).balance, "20.50");
});

Deno.test("an account that is not among the customer's own is unknown", async () => {
  const { call, bank } = open(true);
  for (const name of ["get_balance", "list_transactions"]) {
    assert.deepEqual(await call(name, { account_id: "b1" }), { error: "unknown_account" });
  }
  assert.ok(bank.calls.every((made) => made === `listAccounts ${MINE}`), bank.calls.join());
});

Deno.test("block_card passes the recorded call's key to the bank", async () => {
  const { call, bank } = open(true);
  assert.deepEqual(await call("block_card", { last_digits: "4242" }), {
    ...{ card: "4242", outcome: "blocked" },
  });
  assert.deepEqual(bank.calls, [`block ${MINE} 4242 ${KEY}`]);
  for (const last_digits of ["424", "4242 4242 4242 4242", "%", 4242]) {
    assert.equal((await call("block_card", { last_digits })).error, "invalid_arguments");
  }
});

Deno.test("send_code asks for another code", async () => {
  const { call, asked } = open(false);
  assert.deepEqual(await call("send_code", {}), REFUSED);
  assert.deepEqual(asked, [true]);
});

Deno.test("find_branch and open_case need no proof; a case says whether there was one", async () => {
  const { call, bank, asked } = open(false);
  await call("find_branch", { place: null });
  const opened = await call("open_case", { subject: "s".repeat(500), description: "d" });
  assert.deepEqual(opened, { case_number: "7" });
  assert.deepEqual(bank.calls, ["findBranches ", `openCase ${MINE} 120 false ${KEY}`]);
  assert.deepEqual(asked, []);
});
