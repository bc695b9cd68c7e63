/** Reads what a client asks the model, from either of the two APIs, as strictly as the real one. */
import { z } from "zod";
import { ApiError } from "./api_error.ts";
import { checkStrictSchema, JsonSchema } from "./json_schema.ts";

/** What the simulator needs to know to answer. */
export interface ModelRequest {
  model: string;
  /** What the customer wrote since the assistant last spoke, oldest first. */
  said: string[];
  /** The schema that the answer must match; null for plain text. */
  schema: JsonSchema | null;
  /** The names of the functions that the model may call now. */
  tools: string[];
  /** What functions gave back since the customer last spoke, oldest first. */
  toolOutputs: string[];
  /** The request as it came. */
  body: Record<string, unknown>;
}

/** The API fetches pictures over https, or finds them in the URL itself. */
const ImageUrl = z.string().regex(
  /^(https:|data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*$)/,
);
const Part = z.union([
  z.looseObject({ type: z.literal("input_image"), image_url: ImageUrl }),
  z.looseObject({
    type: z.enum(["input_text", "output_text", "text", "refusal"]).optional(),
    text: z.string().optional(),
  }),
]);
const Content = z.union([z.string(), z.array(Part)]);
const Item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(["user", "assistant", "system", "developer"]).optional(),
  content: Content.nullish(),
});
type Item = z.infer<typeof Item>;

const Named = z.looseObject({ schema: JsonSchema, strict: z.boolean().nullish() });

const FunctionTool = z.looseObject({
  type: z.literal("function"),
  name: z.string().regex(/^[\w-]{1,64}$/),
  description: z.string().nullish(),
  parameters: JsonSchema,
  strict: z.boolean().nullish(),
});

const FunctionCall = z.looseObject({
  type: z.literal("function_call"),
  call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});
const FunctionOutput = z.looseObject({
  type: z.literal("function_call_output"),
  call_id: z.string(),
  output: z.string(),
});

const ResponsesBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(Item)]),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).optional() }).nullish(),
  tools: z.array(FunctionTool).nullish(),
  tool_choice: z.enum(["none", "auto", "required"]).nullish(),
  stream: z.literal(false).nullish(),
});

const ChatBody = z.looseObject({
  model: z.string().min(1),
  messages: z.array(Item).min(1),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  stream: z.literal(false).nullish(),
});

/** Reads the body of `POST /v1/responses`; throws `ApiError` 400 where the real API would. */
export function readResponsesRequest(json: unknown): ModelRequest {
  const body = parse(ResponsesBody, json);
  const format = body.text?.format;
  const named = format?.type === "json_schema" ? parse(Named, format) : null;
  const items: Item[] = typeof body.input === "string"
    ? [{ role: "user", content: body.input }]
    : body.input;
  const tools = body.tools ?? [];
  for (const { strict, parameters } of tools) if (strict !== false) checkStrictSchema(parameters);
  return {
    ...toModelRequest(body, items, named),
    tools: body.tool_choice === "none" ? [] : tools.map(({ name }) => name),
    toolOutputs: readToolOutputs(items),
  };
}

/** Throws `ApiError` 400 where a call has no output, or an output no call. */
function readToolOutputs(items: Item[]): string[] {
  const calls = items.filter(({ type }) => type === "function_call")
    .map((item) => parse(FunctionCall, item).call_id);
  const outputs = items.filter(({ type }) => type === "function_call_output")
    .map((item) => parse(FunctionOutput, item));
  const orphan = outputs.find(({ call_id }) => !calls.includes(call_id));
  if (orphan) {
    throw badInput(`No tool call found for function call output with call_id ${orphan.call_id}.`);
  }
  const open = calls.find((id) => !outputs.some(({ call_id }) => call_id === id));
  if (open) throw badInput(`No tool output found for function call ${open}.`);
  return outputs.map(({ output }) => output);
}

function badInput(message: string): ApiError {
  return new ApiError(400, null, message, { param: "input" });
}

/** Reads the body of `POST /v1/chat/completions`; throws `ApiError` 400 likewise. */
export function readChatRequest(json: unknown): ModelRequest {
  const body = parse(ChatBody, json);
  const format = body.response_format;
  const named = format?.type === "json_schema" ? parse(Named, format["json_schema"]) : null;
  return toModelRequest(body, body.messages, named);
}

function toModelRequest(
  body: { model: string; [key: string]: unknown },
  items: Item[],
  named: z.infer<typeof Named> | null,
): ModelRequest {
  if (named?.strict) checkStrictSchema(named.schema);
  const sinceReply = items.slice(items.findLastIndex(({ role }) => role === "assistant") + 1);
  const said = sinceReply.filter(({ role }) => role === "user").map(textOf).filter((t) => t !== "");
  const none = { tools: [], toolOutputs: [] };
  return { model: body.model, said, schema: named?.schema ?? null, ...none, body };
}

/** The words themselves: a line in brackets describes a message, unless it stands for a code. */
function textOf({ content }: Item): string {
  const text = typeof content === "string"
    ? content
    : (content ?? []).map(({ text }) => typeof text === "string" ? text : "").join("\n");
  return text.split("\n").filter((line) => !/^\[(?!code: ).*\]$/.test(line.trim())).join("\n")
    .trim();
}

function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.join(".") ?? "";
  throw new ApiError(400, "invalid_request", `Invalid parameter: '${param}'. ${issue?.message}`, {
    param,
  });
}
