/** What a response of the API means: an answer of the model or why it is none, and what it cost. */
import type {
  Response as ModelResponse,
  ResponseUsage,
} from "openai/resources/responses/responses";
import { AgentError } from "./agent_error.ts";
import { ModelAnswer } from "./openai_prompt.ts";
import type { ModelUse } from "./turn_ledger.ts";

/** What a million tokens cost, in any currency; 0 counts no cost. */
export interface ModelPrices {
  input: number;
  cachedInput: number;
  output: number;
}

const FREE: ModelPrices = { input: 0, cachedInput: 0, output: 0 };

/** A price for a million of them in units is a price for one in millionths. */
export function costOf(
  { input_tokens, output_tokens, input_tokens_details }: ResponseUsage,
  prices = FREE,
): ModelUse {
  const cached = input_tokens_details?.cached_tokens ?? 0;
  return {
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    costMicros: (input_tokens - cached) * prices.input + cached * prices.cachedInput +
      output_tokens * prices.output,
  };
}

/** The model's answer when it is whole, else the reason why it is not as an `AgentError`. */
export function checkAnswer(response: ModelResponse, model: string): ModelAnswer {
  const answer = ModelAnswer.safeParse(parseJson(response.output_text));
  if (answer.success) return answer.data;
  if (isRefused(response)) {
    throw new AgentError("model_refused", `Cannot get a reply from ${model}: it refused`);
  }
  if (response.error) {
    const code = response.error.code === "rate_limit_exceeded"
      ? "model_rate_limited"
      : "model_unavailable";
    throw new AgentError(code, `Cannot get a reply from ${model}: it failed while answering`);
  }
  throw new AgentError(
    "model_nonsense",
    `Cannot read the reply of ${model}: it has not the shape that was asked for`,
  );
}

function isRefused({ output, incomplete_details }: ModelResponse): boolean {
  return incomplete_details?.reason === "content_filter" ||
    output.some((item) =>
      item.type === "message" && item.content.some(({ type }) => type === "refusal")
    );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
