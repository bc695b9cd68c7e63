/**
 * An agent service that exists already: it is told of the turn in the orchestrator's own contract,
 * with a signature that it can verify, and answers with the reply. Also the way to an older system.
 */
import * as z from "zod";
import { type Agent, type AgentContext, MAXIMUM_REPLY_LENGTH, Reply } from "./agent.ts";
import { AgentError, type AgentErrorCode } from "./agent_error.ts";
import { withinTime } from "./within_time.ts";

export interface HttpAgentOptions {
  url: string;
  /** The key of the signature. */
  secret: string;
  /** The longest that one answer may take, in milliseconds. */
  timeoutMs: number;
  /** Stands in for the network in tests. */
  fetch?: typeof fetch | undefined;
  /** The time in milliseconds since 1970. */
  now?: (() => number) | undefined;
}

/** Seconds since 1970 at which the request was signed: an old one is a replay. */
export const TIMESTAMP_HEADER = "x-switchboard-timestamp";
/** `v1=` and the hex HMAC-SHA-256 of the timestamp, a full stop and the body. */
export const SIGNATURE_HEADER = "x-switchboard-signature";

/** An answer is a reply of a few thousand characters; UTF-8 bytes. */
const MAXIMUM_BYTES = 64 * 1024;

const reason = z.string().regex(/^[a-z][a-z_]{0,39}$/);

/** What the service answers with: a text, or silence with its reason. */
const ServiceReply = z.union([
  z.object({
    text: z.string().trim().min(1).max(MAXIMUM_REPLY_LENGTH),
    language: z.string().max(35).nullish().transform((tag) => tag ?? null),
    handOver: z.boolean().default(false),
    reason: reason.optional(),
  }).transform((reply) => ({ kind: "text", ...reply })),
  z.object({ silence: reason }).transform(({ silence }) => ({ kind: "silence", reason: silence })),
]).pipe(Reply);

/** Makes the agent "http". */
export function createHttpAgent(options: HttpAgentOptions): Agent {
  return {
    name: "http",
    reply: (context) =>
      withinTime(
        context.signal,
        options.timeoutMs,
        (signal) => ask(options, JSON.stringify(toRequest(context)), signal),
      ),
  };
}

/** The signature of a body at a time, as the header carries it. */
export async function sign(secret: string, timestamp: string, body: string): Promise<string> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encode(secret), hmac, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, encode(`${timestamp}.${body}`));
  const hex = [...new Uint8Array(mac)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `v1=${hex}`;
}

/** The contract with which the orchestrator itself is rung, and then all that the agent is given. */
function toRequest(context: AgentContext): Record<string, unknown> {
  const { conversationId, turnId, attempt, messages, history, summary } = context;
  const { customerAddress, businessAddress, customerName, channel, provider } = context;
  return {
    conversationId,
    messageId: messages.at(-1)?.id,
    message: messages.map(({ text }) => text).join("\n"),
    customerInfo: { address: customerAddress, name: customerName },
    channel: { name: channel, provider, from: customerAddress, to: businessAddress },
    turn: { id: turnId, attempt },
    ...{ messages, history, summary },
  };
}

async function ask(options: HttpAgentOptions, body: string, signal: AbortSignal): Promise<Reply> {
  const { url, secret, fetch: fetchIt = fetch, now = Date.now } = options;
  const timestamp = String(Math.floor(now() / 1000));
  const response = await fetchIt(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      [TIMESTAMP_HEADER]: timestamp,
      [SIGNATURE_HEADER]: await sign(secret, timestamp, body),
    },
    body,
    // What is signed for one address is not carried to another.
    redirect: "manual",
    signal,
  }).catch(() => fail("service_unavailable", "the connection failed"));
  if (response.status !== 200) {
    await response.body?.cancel();
    return fail(codeOf(response.status), `status ${response.status}`);
  }
  const text = await readText(response).catch(() =>
    fail("service_unavailable", "its answer broke off")
  );
  const reply = ServiceReply.safeParse(parseJson(text));
  return reply.success
    ? reply.data
    : fail("service_nonsense", "its answer has not the agreed shape");
}

/** The body, or as much of it as is already too much for an answer. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAXIMUM_BYTES) return "";
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function codeOf(status: number): AgentErrorCode {
  if (status === 401 || status === 403) return "service_unauthorized";
  if (status === 408 || status === 409 || status === 429 || status >= 500) {
    return "service_unavailable";
  }
  return "service_rejected_request";
}

function fail(code: AgentErrorCode, why: string): never {
  throw new AgentError(code, `Cannot get a reply from the agent service: ${why}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
