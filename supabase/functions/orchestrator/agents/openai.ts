/**
 * The agent that asks a model through OpenAI's Responses API, or any server compatible with it.
 * Each reply is one request: trying again is the turn's business, which counts and waits.
 */
import type OpenAI from "openai";
import type { ParsedResponse } from "openai/resources/responses/responses";
import { type Agent, type AgentContext, MAXIMUM_REPLY_LENGTH, type Reply } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import { toAgentError } from "./openai_error.ts";
import { buildInput, buildInstructions, ModelAnswer } from "./openai_prompt.ts";
import { withinTime } from "./within_time.ts";

/** How to reach the model. */
export interface OpenAIOptions {
  apiKey: string;
  /** Ends in the API's version, such as "https://api.openai.com/v1", which is the default. */
  baseUrl?: string | undefined;
  model: string;
  /** The longest that one reply may take, in milliseconds: connection, thinking and body. */
  timeoutMs: number;
  /** Stands in for the network in tests. */
  fetch?: typeof fetch | undefined;
}

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
/** Room for the longest reply in any script, and for what a model thinks before it. */
const MAXIMUM_OUTPUT_TOKENS = 4000;

/** Makes the agent "openai". The package is loaded with the first reply, not before. */
export function createOpenAIAgent(options: OpenAIOptions): Agent {
  return { name: "openai", reply: (context) => replyByModel(context, options) };
}

async function replyByModel(context: AgentContext, options: OpenAIOptions): Promise<Reply> {
  const [{ OpenAI }, { zodTextFormat }] = await Promise.all([
    import("openai"),
    import("openai/helpers/zod"),
  ]);
  const request = {
    model: options.model,
    instructions: buildInstructions(context.channel),
    input: buildInput(context),
    text: { format: zodTextFormat(ModelAnswer, "contact_centre_reply") },
    max_output_tokens: MAXIMUM_OUTPUT_TOKENS,
    // The conversation is kept in one place only, where it can be erased.
    store: false,
  };
  const { responses } = createClient(OpenAI, options);
  try {
    // The package's own time-out does not cover the body of an error.
    const response = await withinTime(
      context.signal,
      options.timeoutMs,
      (signal) => responses.parse(request, { signal }),
    );
    return toReply(checkAnswer(response, options.model), options.model);
  } catch (error) {
    throw toAgentError(error, options.model, OpenAI);
  }
}

/** Every option that the package would else read from the environment is given here. */
function createClient(Client: typeof OpenAI, options: OpenAIOptions): OpenAI {
  return new Client({
    apiKey: options.apiKey,
    baseURL: options.baseUrl || DEFAULT_BASE_URL,
    timeout: options.timeoutMs,
    maxRetries: 0,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    // At its other levels the package prints requests, which contain the customer's words.
    logLevel: "off",
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
}

/** The model's answer when it is whole, else the reason why it is not as an `AgentError`. */
function checkAnswer(response: ParsedResponse<ModelAnswer>, model: string): ModelAnswer {
  if (response.output_parsed) return response.output_parsed;
  if (isRefused(response)) {
    throw new AgentError("model_refused", `Cannot get a reply from ${model}: it refused`);
  }
  if (response.error) {
    const code = response.error.code === "rate_limit_exceeded"
      ? "model_rate_limited"
      : "model_unavailable";
    throw new AgentError(code, `Cannot get a reply from ${model}: it failed while answering`);
  }
  throw new AgentError("model_nonsense", `Cannot read the reply of ${model}: it is incomplete`);
}

function isRefused({ output, incomplete_details }: ParsedResponse<ModelAnswer>): boolean {
  return incomplete_details?.reason === "content_filter" ||
    output.some((item) =>
      item.type === "message" && item.content.some(({ type }) => type === "refusal")
    );
}

function toReply({ reply, language, hand_over }: ModelAnswer, model: string): Reply {
  const text = reply.trim();
  if (text === "" || text.length > MAXIMUM_REPLY_LENGTH) {
    const found = text === "" ? "it is empty" : `it has ${text.length} characters`;
    throw new AgentError("model_nonsense", `Cannot send the reply of ${model}: ${found}`);
  }
  const isTag = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language);
  return { kind: "text", text, language: isTag ? language : null, handOver: hand_over };
}
