/** The model's output in the shapes of the two APIs, as the `openai` package declares them. */
import type { ChatCompletion } from "openai/resources/chat/completions";
import type {
  Response as ModelResponse,
  ResponseOutputItem,
  Tool,
} from "openai/resources/responses/responses";
import type { ModelRequest } from "./model_request.ts";

/** A function that the model wants called. */
export interface ModelCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** What the model produced: text, or a refusal, or calls; `isIncomplete` when it ran out of tokens. */
export interface ModelOutput {
  text: string;
  calls?: ModelCall[];
  isRefusal?: boolean;
  isIncomplete?: boolean;
}

/** An answer of `POST /v1/responses`. (`output_text` is added by the package, not by the API.) */
export function toModelResponse(
  request: ModelRequest,
  output: ModelOutput,
): Omit<ModelResponse, "output_text"> {
  const { body, model } = request;
  const status = output.isIncomplete ? "incomplete" : "completed";
  const seconds = Math.floor(Date.now() / 1000);
  const { input, instructions, tools, text: form } = body;
  const input_tokens = countTokens(JSON.stringify([input, instructions, tools, form]));
  const output_tokens = countTokens(output.text + JSON.stringify(output.calls ?? ""));
  return {
    id: makeId("resp_"),
    object: "response",
    created_at: seconds,
    completed_at: output.isIncomplete ? null : seconds,
    status,
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: output.isIncomplete ? { reason: "max_output_tokens" } : null,
    instructions: typeof body["instructions"] === "string" ? body["instructions"] : null,
    max_output_tokens: typeof body["max_output_tokens"] === "number"
      ? body["max_output_tokens"]
      : null,
    metadata: {},
    model,
    output: outputOf(output, status),
    parallel_tool_calls: body["parallel_tool_calls"] !== false,
    previous_response_id: null,
    temperature: 1,
    tool_choice: body["tool_choice"] === "none" ? "none" : "auto",
    tools: Array.isArray(tools) ? tools as Tool[] : [],
    top_p: 1,
    usage: {
      input_tokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input_tokens + output_tokens,
    },
  };
}

function outputOf(output: ModelOutput, status: "completed" | "incomplete"): ResponseOutputItem[] {
  if (output.calls) {
    return output.calls.map((call) => ({
      id: makeId("fc_"),
      type: "function_call",
      call_id: makeId("call_"),
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      status: "completed",
    }));
  }
  return [{
    id: makeId("msg_"),
    type: "message",
    role: "assistant",
    status,
    content: [
      output.isRefusal
        ? { type: "refusal", refusal: output.text }
        : { type: "output_text", text: output.text, annotations: [], logprobs: [] },
    ],
  }];
}

/** An answer of `POST /v1/chat/completions`. */
export function toChatCompletion(request: ModelRequest, output: ModelOutput): ChatCompletion {
  const prompt_tokens = countTokens(JSON.stringify(request.body["messages"] ?? ""));
  const completion_tokens = countTokens(output.text);
  return {
    id: makeId("chatcmpl-"),
    object: "chat.completion",
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: [{
      index: 0,
      finish_reason: output.isIncomplete ? "length" : "stop",
      logprobs: null,
      message: {
        role: "assistant",
        content: output.isRefusal ? null : output.text,
        refusal: output.isRefusal ? output.text : null,
      },
    }],
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

/** Four characters a token, which is the rule of thumb for English. */
function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function makeId(prefix: string): string {
  return prefix + crypto.randomUUID().replaceAll("-", "");
}
