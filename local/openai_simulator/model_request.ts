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
  /** The request as it came. */
  body: Record<string, unknown>;
}

const Content = z.union([
  z.string(),
  z.array(z.looseObject({ text: z.string().optional() })),
]);
const Item = z.looseObject({
  role: z.enum(["user", "assistant", "system", "developer"]).optional(),
  content: Content.nullish(),
});
type Item = z.infer<typeof Item>;

const Named = z.looseObject({ schema: JsonSchema, strict: z.boolean().nullish() });

const ResponsesBody = z.looseObject({
  model: z.string().min(1),
  input: z.union([z.string(), z.array(Item)]),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).optional() }).nullish(),
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
  return toModelRequest(body, items, named);
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
  return { model: body.model, said, schema: named?.schema ?? null, body };
}

/** The words themselves: a line in brackets describes a message and was not said. */
function textOf({ content }: Item): string {
  const text = typeof content === "string"
    ? content
    : (content ?? []).map((part) => part.text ?? "").join("\n");
  return text.split("\n").filter((line) => !/^\[.*\]$/.test(line.trim())).join("\n").trim();
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
