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
import { contextOf } from "./agent_context.ts";

const WITH_KEY = { apiKey: "sk-test", model: "gpt-test", timeoutMs: 1_000 };
const WITHOUT_KEY = { ...WITH_KEY, apiKey: null };

function chosen(agents: string | undefined, openai: typeof WITH_KEY | typeof WITHOUT_KEY): string {
  return chooseAgent({ agents: AgentNames.parse(agents), openai }).name;
}

Deno.test("chooseAgent() takes the model when it has a key and nothing is said", () => {
  assert.equal(chosen(undefined, WITH_KEY), "openai");
  assert.equal(chosen(" ", WITH_KEY), "openai");
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
  assert.equal(chosen("openai,rules", WITHOUT_KEY), "rules");
});

Deno.test("chooseAgent() throws when none of the agents is configured", () => {
  assert.throws(() => chosen("openai", WITHOUT_KEY), /AGENTS is "openai" and OPENAI_API_KEY/);
});

Deno.test("AgentNames refuses an agent that does not exist", () => {
  assert.equal(AgentNames.safeParse("openai,oracle").success, false);
});

const REPLY: Reply = { kind: "text", text: "Hello", language: "en", handOver: false };

function failing(code: AgentErrorCode): Agent {
  return { name: code, reply: () => Promise.reject(new AgentError(code, "Cannot")) };
}

const answering: Agent = { name: "answering", reply: () => Promise.resolve(REPLY) };

Deno.test("chainAgents() asks the next agent after an error that is final", async () => {
  const chain = chainAgents([failing("model_unauthorized"), failing("model_refused"), answering]);
  assert.equal(await chain.reply(contextOf("Hello")), REPLY);
});

Deno.test("chainAgents() leaves to the turn what a later attempt may cure", async () => {
  const chain = chainAgents([failing("model_timeout"), answering]);
  await assert.rejects(chain.reply(contextOf("Hello")), { code: "model_timeout" });
});
