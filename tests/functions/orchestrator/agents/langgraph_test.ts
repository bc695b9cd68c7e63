/** The workflow: who wants a person gets one without a model, the rest is drafted and checked. */
import assert from "node:assert/strict";
import { AgentError } from "../../../../supabase/functions/orchestrator/agents/agent_error.ts";
import {
  createLangGraphAgent,
  type GraphDeps,
} from "../../../../supabase/functions/orchestrator/agents/langgraph.ts";
import type { Model } from "../../../../supabase/functions/orchestrator/agents/model.ts";
import { ANSWER_BOOK } from "../../../support/common_answers.ts";
import { contextOf } from "./agent_context.ts";

const DRAFT = {
  ...{ reply: "We open at nine.", language: "en", intent: "question" as const, confidence: 0.9 },
  hand_over: false,
};

/** A model that drafts this, or throws it, and what it was given to know. */
function modelOf(draft: typeof DRAFT | AgentError) {
  const knowledge: string[][] = [];
  const model: Model = {
    name: "test",
    answer: (_context, known = []) => {
      knowledge.push(known);
      return draft instanceof AgentError ? Promise.reject(draft) : Promise.resolve(draft);
    },
  };
  return { model, knowledge };
}

function replyTo(text: string, model: Model | null) {
  return createLangGraphAgent({ model, answers: ANSWER_BOOK }).reply(contextOf(text));
}

Deno.test("langgraph looks up, drafts, checks and answers", async () => {
  const { model, knowledge } = modelOf(DRAFT);
  assert.deepEqual(await replyTo("What are your opening times?", model), {
    ...{ kind: "text", text: "We open at nine.", language: "en", handOver: false },
  });
  assert.match(knowledge[0]?.[0] ?? "", /^You can write here at any hour/);
});

Deno.test("langgraph hands over without a model when a person is wanted", async () => {
  const { model, knowledge } = modelOf(DRAFT);
  const reply = await replyTo("Quero falar com um atendente", model);
  assert.deepEqual(reply, {
    kind: "text",
    text: "Vou passar esta conversa a um colega, que responderá por aqui.",
    ...{ language: "pt", handOver: true, reason: "answer_hands_over" },
  });
  assert.deepEqual(knowledge, []);
});

for (
  const unsafe of [
    "Please send me your PIN.",
    "Your card 4111 1111 1111 1111 is blocked.",
    "Por favor, informe a sua senha.",
  ]
) {
  Deno.test(`langgraph sends a person in place of the draft "${unsafe}"`, async () => {
    const reply = await replyTo("Why was I charged?", modelOf({ ...DRAFT, reply: unsafe }).model);
    assert.ok(reply.kind === "text" && reply.handOver);
    assert.equal(reply.reason, "model_unsafe");
    assert.doesNotMatch(reply.text, /PIN|4111|senha/);
  });
}

Deno.test("langgraph hands over what the model is not sure of", async () => {
  const reply = await replyTo("Why?", modelOf({ ...DRAFT, confidence: 0.1 }).model);
  assert.ok(reply.kind === "text" && reply.handOver && reply.reason === "not_confident");
});

Deno.test("langgraph throws the model's own error, and its own for a node that breaks", async () => {
  const limited = new AgentError("model_rate_limited", "Cannot");
  await assert.rejects(replyTo("Why?", modelOf(limited).model), { code: "model_rate_limited" });
  await assert.rejects(replyTo("Why?", null), { code: "model_unauthorized" });
  const broken: GraphDeps["answers"] = { all: () => Promise.reject(new Error("marzipan")) };
  const agent = createLangGraphAgent({ model: null, answers: broken });
  await assert.rejects(agent.reply(contextOf("Why?")), (error) => {
    assert.ok(error instanceof AgentError && error.code === "workflow_failed");
    return !error.message.includes("marzipan");
  });
});

Deno.test("langgraph takes no reply from a graph that gives none", async () => {
  const load = () => Promise.resolve({ invoke: () => Promise.resolve({ reply: "Hello" }) });
  const agent = createLangGraphAgent({ model: null, answers: ANSWER_BOOK }, load);
  await assert.rejects(agent.reply(contextOf("Hi")), { code: "workflow_failed" });
});
