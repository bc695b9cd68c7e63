/** What the rules say about accounts, cards and codes, by what the tools answer. */
import assert from "node:assert/strict";
import { AgentError } from "../../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { createBankingRules } from "../../../../supabase/functions/orchestrator/agents/banking_rules.ts";
import { contextOf, messageOf } from "./agent_context.ts";

type Answer = unknown;

const ACCOUNTS = [
  { account_id: "a1", cards: [{ last_digits: "4242", is_blocked: false }] },
  { account_id: "a2", cards: [{ last_digits: "1881", is_blocked: true }] },
];

/** Rules whose tools answer so; `calls` are those that were made. */
function rulesWith(answers: Record<string, (given: Record<string, string>) => Answer>) {
  const calls: string[] = [];
  const call = async (name: string, given: string) => {
    calls.push(`${name} ${given}`);
    return JSON.stringify(await answers[name]?.(JSON.parse(given)) ?? { error: "tool_failed" });
  };
  return { calls, rules: createBankingRules({ definitions: [], open: () => ({ call }) }) };
}

const refused = (verification: string) => ({
  list_accounts: () => ({ error: "not_verified", verification }),
});
const open = {
  list_accounts: () => ACCOUNTS,
  get_balance: ({ account_id }: Record<string, string>) => ({
    ...{ account: account_id, balance: "1.00", currency: "EUR" },
  }),
  block_card: ({ last_digits }: Record<string, string>) => ({
    card: last_digits,
    outcome: "blocked",
  }),
};

Deno.test("they leave to others what is about no account", async () => {
  const { rules, calls } = rulesWith(open);
  assert.equal(await rules(contextOf("Where is your branch?"), "en"), null);
  assert.deepEqual(calls, []);
});

Deno.test("they ask for the code, and hand over when there can be none", async () => {
  const cases: [string, RegExp, boolean][] = [
    ["code_sent", /on its way by SMS/, false],
    ["code_awaited", /I have sent you a code/, false],
    ["too_many_codes", /in an hour/, false],
    ["code_not_sent", /try again in a while/, false],
    ["locked", /colleague takes over/, true],
    ["unknown_customer", /colleague takes over/, true],
  ];
  for (const [verification, text, handOver] of cases) {
    const reply = await rulesWith(refused(verification)).rules(contextOf("balance"), "en");
    assert.ok(reply?.kind === "text");
    assert.match(reply.text, text);
    assert.equal(reply.handOver, handOver, verification);
  }
});

Deno.test("after the code they do what was asked for before", async () => {
  const history = [
    messageOf({ seq: 1, text: "Mi saldo, por favor" }),
    messageOf({ seq: 2, direction: "outbound", text: "saldo? bloquear?" }),
  ];
  const { rules } = rulesWith(open);
  const reply = await rules(contextOf("[code: correct]", { history }), "es");
  assert.ok(reply?.kind === "text");
  assert.equal(reply.text, "a1: 1.00 EUR.\na2: 1.00 EUR.");
});

Deno.test("they say what became of a code, and look at nothing for a wrong one", async () => {
  const cases: [string, RegExp][] = [
    ["[code: wrong]", /not the code/],
    ["[code: refused]", /colleague/],
    ["[code: correct]", /now I know that it is you/],
    ["[code: not asked for]", /not asked for that code/],
    ["[code: expired]", /expired/],
    ["[code: part]", /write it here/],
  ];
  for (const [text, said] of cases) {
    const { rules, calls } = rulesWith(open);
    const reply = await rules(contextOf(text), "en");
    assert.ok(reply?.kind === "text");
    assert.match(reply.text, said);
    assert.deepEqual(calls, []);
  }
});

Deno.test("they block the one card that is open, the one that is named, or ask which", async () => {
  const said = async (text: string, accounts = ACCOUNTS) => {
    const { rules, calls } = rulesWith({ ...open, list_accounts: () => accounts });
    const reply = await rules(contextOf(text), "en");
    return [reply?.kind === "text" ? reply.text : "", calls.slice(1).join()];
  };
  const both = [...ACCOUNTS, {
    account_id: "a3",
    cards: [{ last_digits: "7", is_blocked: false }],
  }];
  const call = (digits: string) => `block_card {"last_digits":"${digits}"}`;
  assert.deepEqual(await said("Block my card"), [
    "The card ending in 4242 is blocked.",
    call("4242"),
  ]);
  assert.deepEqual((await said("Block my card 1881", both))[1], call("1881"));
  assert.deepEqual((await said("Block my card", both))[1], "");
});

Deno.test("what fails is tried again, and on the last attempt goes to a person", async () => {
  const { rules } = rulesWith({});
  await assert.rejects(rules(contextOf("balance"), "en"), { code: "tool_failed" });
  const reply = await rules(contextOf("balance", { isLastAttempt: true }), "de");
  assert.ok(reply?.kind === "text" && reply.handOver);

  const lost = rulesWith({
    list_accounts: () => Promise.reject(new AgentError("lease_lost", "Cannot call")),
  });
  const last = contextOf("balance", { isLastAttempt: true });
  await assert.rejects(lost.rules(last, "en"), { code: "lease_lost" });
});
