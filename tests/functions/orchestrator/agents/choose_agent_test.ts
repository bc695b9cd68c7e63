import assert from "node:assert/strict";
import type { Agent, Reply } from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import {
  AgentError,
  type AgentErrorCode,
} from "../../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { chainAgents } from "../../../../supabase/functions/orchestrator/agents/chain_agents.ts";
import {
  AgentNames,
  chooseAgent,
} from "../../../../supabase/functions/orchestrator/agents/choose_agent.ts";
import { withinTime } from "../../../../supabase/functions/orchestrator/agents/within_time.ts";
import { ANSWER_BOOK } from "../../../support/common_answers.ts";
import { contextOf } from "./agent_context.ts";

const WITH_KEY = { apiKey: "sk-test", model: "gpt-test", timeoutMs: 1_000 };
const WITHOUT_KEY = { ...WITH_KEY, apiKey: null };

function chosen(agents: string | undefined, openai: typeof WITH_KEY | typeof WITHOUT_KEY): string {
  const config = { agents: AgentNames.parse(agents), openai, http: null, answers: ANSWER_BOOK };
  return chooseAgent(config).name;
}

Deno.test("chooseAgent() takes the model, then the rules, when it has a key and nothing is said", () => {
  assert.equal(chosen(undefined, WITH_KEY), "openai,rules");
  assert.equal(chosen(" ", WITH_KEY), "openai,rules");
});

Deno.test("chooseAgent() takes the rules when there is no key", () => {
  assert.equal(chosen(undefined, WITHOUT_KEY), "rules");
  assert.equal(chosen("", { ...WITH_KEY, apiKey: "" }), "rules");
});

Deno.test("chooseAgent() takes what is asked for, in its order", () => {
  assert.equal(chosen("rules", WITH_KEY), "rules");
  assert.equal(chosen("openai, rules", WITH_KEY), "openai,rules");
});

Deno.test("chooseAgent() passes over an agent that is not configured", () => {
  assert.equal(chosen("openai,http,rules", WITHOUT_KEY), "rules");
});

Deno.test("chooseAgent() throws when none of the agents is configured", () => {
  assert.throws(() => chosen("openai", WITHOUT_KEY), /AGENTS is "openai" and OPENAI_API_KEY or/);
});

Deno.test("AgentNames refuses an agent that does not exist", () => {
  assert.equal(AgentNames.safeParse("openai,oracle").success, false);
});

const REPLY: Reply = { kind: "text", text: "Hello", language: "en", handOver: false };

function failing(code: AgentErrorCode, name: string = code): Agent {
  return { name, reply: () => Promise.reject(new AgentError(code, "Cannot")) };
}

const answering: Agent = { name: "answering", reply: () => Promise.resolve(REPLY) };

Deno.test("chainAgents() asks the next agent after an error that is final", async () => {
  const chain = chainAgents([failing("model_unauthorized"), failing("model_refused"), answering]);
  assert.deepEqual(await chain.reply(contextOf("Hello")), REPLY);
});

Deno.test("chainAgents() leaves to the turn what a later attempt may cure", async () => {
  const chain = chainAgents([failing("model_timeout"), answering]);
  await assert.rejects(chain.reply(contextOf("Hello")), { code: "model_timeout" });
});

Deno.test("chainAgents() notes who failed with what, and who answered", async () => {
  const context = contextOf("Hello");
  const chain = chainAgents([failing("model_refused", "openai"), answering]);
  await chain.reply(context);
  const { agent, failures } = context.ledger.work;
  assert.equal(agent, "answering");
  assert.deepEqual(failures, [{ agent: "openai", code: "model_refused" }]);
});

Deno.test("chainAgents() asks the next agent after any error on the turn's last attempt", async () => {
  const breaking: Agent = { name: "breaking", reply: () => Promise.reject(new TypeError("oops")) };
  const chain = chainAgents([failing("model_timeout", "openai"), breaking, answering]);
  const context = contextOf("Hello", { isLastAttempt: true });
  assert.deepEqual(await chain.reply(context), REPLY);
  assert.deepEqual(context.ledger.work.failures, [
    { agent: "openai", code: "model_timeout" },
    { agent: "breaking", code: "TypeError" },
  ]);
});

Deno.test("chainAgents() leaves time to the next when an agent never answers", async () => {
  const silent: Agent = { name: "silent", reply: () => new Promise(() => {}) };
  const chain = chainAgents([silent, answering]);
  const context = contextOf("Hello", { isLastAttempt: true, timeMs: 90 });
  const reply = await withinTime(
    context.signal,
    context.timeMs,
    (signal) => chain.reply({ ...context, signal }),
  );
  assert.deepEqual(reply, REPLY);
});

function saying(text: string, name = "saying"): Agent {
  return { name, reply: () => Promise.resolve({ ...REPLY, text }) };
}

Deno.test("chainAgents() gives back a reply cleaned", async () => {
  const reply = await chainAgents([saying("Pay \u202e001\u0000")]).reply(contextOf("Hello"));
  assert.deepEqual(reply, { ...REPLY, text: "Pay 001" });
});

Deno.test("chainAgents() takes a reply that must not be sent for a failure of its agent", async () => {
  const unsafe = [saying("My key is sk-proj-abcDEF0123456789", "openai"), answering] as const;
  await assert.rejects(chainAgents([...unsafe]).reply(contextOf("Hello")), {
    code: "model_unsafe",
  });
  await assert.rejects(chainAgents([saying("\u0000")]).reply(contextOf("Hello")), {
    code: "model_nonsense",
  });
  const context = contextOf("Hello", { isLastAttempt: true });
  assert.deepEqual(await chainAgents([...unsafe]).reply(context), REPLY);
  assert.deepEqual(context.ledger.work.failures, [{ agent: "openai", code: "model_unsafe" }]);
});

Deno.test("chainAgents() lets nobody answer a turn that is another's by now", async () => {
  const chain = chainAgents([failing("lease_lost"), answering]);
  const context = contextOf("Hello", { isLastAttempt: true });
  await assert.rejects(chain.reply(context), { code: "lease_lost" });
});

Deno.test("chooseAgent() lets the rules answer when the budget is used up, whatever the chain", async () => {
  for (const agents of ["openai", "langgraph", "openai,rules"]) {
    const names = AgentNames.parse(agents);
    const config = { agents: names, openai: WITH_KEY, http: null, answers: ANSWER_BOOK };
    const context = contextOf("Hello", { mayUseModel: false });
    const reply = await chooseAgent(config).reply(context);
    assert.ok(reply.kind === "text" && reply.text === "Hello! How can I help you?");
    const { agent, failures } = context.ledger.work;
    assert.equal(agent, "rules");
    assert.deepEqual(failures, [{ agent: names[0], code: "model_budget_exceeded" }]);
  }
});
