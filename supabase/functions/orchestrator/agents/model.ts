/**
 * A model behind OpenAI's Responses API, or any server compatible with it: one question with the
 * conversation, as many tool calls as it needs, one structured answer.
 */
import type OpenAI from "openai";
import type {
  Response as ModelResponse,
  ResponseFunctionToolCall,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import type { AgentContext } from "./agent.ts";
import { AgentError } from "./agent_error.ts";
import { readImages, type ReadMedia } from "./images.ts";
import { toAgentError } from "./openai_error.ts";
import { buildInput, buildInstructions, ModelAnswer } from "./openai_prompt.ts";
import { checkAnswer, costOf, type ModelPrices } from "./read_response.ts";
import { summariseHistory } from "./summary.ts";
import type { Toolbox } from "./tools/toolbox.ts";
import { withinTime } from "./within_time.ts";

/** How to reach the model, and what it may use. */
export interface ModelOptions {
  apiKey: string;
  /** Ends in the API's version, such as "https://api.openai.com/v1", which is the default. */
  baseUrl?: string | undefined;
  model: string;
  /** The longest that one answer may take, in milliseconds: all its requests and tool calls. */
  timeoutMs: number;
  prices?: ModelPrices | undefined;
  toolbox?: Toolbox | undefined;
  /** Reads the pictures that the model is shown; without it they are only named. */
  readMedia?: ReadMedia | undefined;
  /** Stands in for the network in tests. */
  fetch?: typeof fetch | undefined;
}

export interface Model {
  name: string;
  /**
   * Answers the turn, with `knowledge` that was looked up for it; tokens and tools are noted in the
   * context's ledger. Throws an `AgentError`.
   */
  answer(context: AgentContext, knowledge?: string[]): Promise<ModelAnswer>;
}

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
/** Room for the longest reply in any script, and for what a model thinks before it. */
const MAXIMUM_OUTPUT_TOKENS = 4000;
/** Requests in which the model may call tools; the next one must answer. */
const MAXIMUM_TOOL_ROUNDS = 4;

/** Makes a model. The package is loaded with the first answer, not before. */
export function createModel(options: ModelOptions): Model {
  return {
    name: options.model,
    answer: async (context, knowledge = []) => {
      if (!context.mayUseModel) {
        throw new AgentError(
          "model_budget_exceeded",
          `Cannot ask ${options.model}: today's budget of tokens is used up`,
        );
      }
      const { OpenAI } = await import("openai");
      try {
        // The package's own time-out does not cover the body of an error.
        return await withinTime(
          context.signal,
          options.timeoutMs,
          (signal) =>
            converse({ ...context, signal }, knowledge, createClient(OpenAI, options), options),
        );
      } catch (error) {
        throw toAgentError(error, options.model, OpenAI);
      }
    },
  };
}

/** Every option that the package would else read from the environment is given here. */
function createClient(Client: typeof OpenAI, options: ModelOptions): OpenAI {
  return new Client({
    apiKey: options.apiKey,
    baseURL: options.baseUrl || DEFAULT_BASE_URL,
    timeout: options.timeoutMs,
    // Trying again is the turn's business, which counts and waits.
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

async function converse(
  context: AgentContext,
  knowledge: string[],
  client: OpenAI,
  options: ModelOptions,
): Promise<ModelAnswer> {
  // Beside the answer, so that nobody waits for it; later turns have it.
  const summary = summariseHistory(context, { client, model: options.model }, (usage) => {
    context.ledger.useModel(costOf(usage, options.prices));
  });
  const images = await readImages(context.messages, options.readMedia);
  const input: ResponseInputItem[] = buildInput(context, images, knowledge);
  const tools = options.toolbox?.open(context);
  for (let round = 0; round <= MAXIMUM_TOOL_ROUNDS; round++) {
    const mustAnswer = round === MAXIMUM_TOOL_ROUNDS;
    const response = await request(context, { client, options, input, mustAnswer });
    if (response.usage) context.ledger.useModel(costOf(response.usage, options.prices));
    const calls = response.output.filter((item) => item.type === "function_call");
    if (!tools || calls.length === 0) {
      const answer = checkAnswer(response, options.model);
      await summary;
      return answer;
    }
    for (const call of calls) {
      const output = await tools.call(call.name, call.arguments);
      input.push(withoutId(call), {
        ...{ type: "function_call_output", call_id: call.call_id, output },
      });
    }
  }
  throw new AgentError(
    "model_nonsense",
    `Cannot read the reply of ${options.model}: it never came`,
  );
}

async function request(
  context: AgentContext,
  { client, options, input, mustAnswer }: {
    client: OpenAI;
    options: ModelOptions;
    input: ResponseInputItem[];
    mustAnswer: boolean;
  },
): Promise<ModelResponse> {
  const { zodTextFormat } = await import("openai/helpers/zod");
  const tools = (options.toolbox?.definitions ?? []).map((definition) => ({
    ...{ type: "function" as const, strict: true },
    ...definition,
  }));
  // Read here and not by the package: what is no answer costs its tokens all the same.
  return await client.responses.create({
    model: options.model,
    instructions: buildInstructions(
      context.channel,
      tools.some(({ name }) => name === "get_balance"),
    ),
    input,
    text: { format: zodTextFormat(ModelAnswer, "contact_centre_reply") },
    max_output_tokens: MAXIMUM_OUTPUT_TOKENS,
    // The conversation is kept in one place only, where it can be erased.
    store: false,
    ...(tools.length > 0 && {
      tools,
      tool_choice: mustAnswer ? "none" : "auto",
      // A call is made once and its result is waited for: one after the other.
      parallel_tool_calls: false,
    }),
  }, { signal: context.signal });
}

/** What is not stored there has no id there: the API would look for the thoughts that led to it. */
function withoutId({ call_id, name, arguments: given }: ResponseFunctionToolCall) {
  return { type: "function_call" as const, call_id, name, arguments: given };
}
