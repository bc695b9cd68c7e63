/** The agent that says what the model says, and leaves to a person what the model is not sure of. */
import { type Agent, MAXIMUM_REPLY_LENGTH, type Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import { createModel, type Model, type ModelOptions } from "./model.ts";
import type { ModelAnswer } from "./openai_prompt.ts";

/** A model that is less sure than this of its reply leaves the rest to a person. */
const LEAST_CONFIDENCE = 0.4;

/** Makes the agent "openai". */
export function createOpenAIAgent(options: ModelOptions): Agent {
  return agentOfModel(createModel(options));
}

/** The agent "openai" on a model that is there already. */
export function agentOfModel(model: Model): Agent {
  return {
    name: "openai",
    reply: async (context) => toReply(await model.answer(context), model.name),
  };
}

/** What of a model's answer is sent. Throws `AgentError` when nothing of it can be. */
export function toReply(answer: ModelAnswer, model: string): Reply {
  const text = answer.reply.trim();
  if (text === "" || text.length > MAXIMUM_REPLY_LENGTH) {
    const found = text === "" ? "it is empty" : `it has ${text.length} characters`;
    throw new AgentError("model_nonsense", `Cannot send the reply of ${model}: ${found}`);
  }
  const isTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(answer.language);
  const reason = whyHandOver(answer);
  return {
    kind: "text",
    text,
    language: isTag ? answer.language : null,
    handOver: reason !== undefined,
    ...(reason && { reason }),
  };
}

function whyHandOver({ hand_over, intent, confidence }: ModelAnswer): string | undefined {
  if (hand_over) return intent === "person" ? "asked_for_person" : "model_asks";
  return confidence < LEAST_CONFIDENCE ? "not_confident" : undefined;
}
