/** The routes of the simulated API, with scripted answers and faults in their way. */
import {
  type ModelCall,
  type ModelOutput,
  toChatCompletion,
  toModelResponse,
} from "./api_answer.ts";
import { ApiError, errorOfStatus } from "./api_error.ts";
import { answerFromBank } from "./bank_answer.ts";
import { type Fault, FaultBox, type Nonsense } from "./faults.ts";
import { fillSchema } from "./json_schema.ts";
import { answerTo } from "./model_answer.ts";
import { type ModelRequest, readChatRequest, readResponsesRequest } from "./model_request.ts";

/**
 * What the model says instead of its own answer: a text takes the place of the reply, an object is
 * sent as the whole structured output, `Calls` has functions called first, null leaves the model
 * its own words.
 */
export type Scripted = string | Record<string, unknown> | Calls | null;

/** Functions that the model wants called before it answers. */
export class Calls {
  readonly calls: ModelCall[];

  constructor(...calls: ModelCall[]) {
    this.calls = calls;
  }
}

/** A request that came in, as a test looks at it. `body` is null when it was no JSON object. */
export interface ReceivedRequest {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
  receivedAt: Date;
}

const MODELS = ["gpt-5-mini", "gpt-5", "gpt-4.1-mini"];
const REMEMBERED_REQUESTS = 1000;

/** One simulated API: `handle` answers a request, the rest is for who tests with it. */
export class SimulatedModel {
  readonly received: ReceivedRequest[] = [];
  readonly faults = new FaultBox();
  readonly stopping = new AbortController();
  script: Scripted | ((request: ModelRequest) => Scripted) = null;

  handle = async (request: Request): Promise<Response> => {
    const body = await request.json().catch(() => null);
    this.#remember(request, body);
    const response = await this.#answer(request, body).catch((error: unknown) => {
      if (error instanceof ApiError) return error.toResponse();
      throw error;
    });
    response.headers.set("x-request-id", `req_${crypto.randomUUID().replaceAll("-", "")}`);
    return response;
  };

  async #answer(request: Request, body: unknown): Promise<Response> {
    if (!/^Bearer \S+$/.test(request.headers.get("authorization") ?? "")) {
      throw new ApiError(401, "invalid_api_key", "You didn't provide an API key.");
    }
    const route = `${request.method} ${new URL(request.url).pathname}`;
    if (route === "GET /v1/models") return listModels();
    if (route.startsWith("GET /v1/models/")) return showModel(route.split("/").at(-1) ?? "");
    if (route !== "POST /v1/responses" && route !== "POST /v1/chat/completions") {
      throw new ApiError(404, "unknown_url", `Unknown request URL: ${route}.`);
    }
    const fault = this.faults.take();
    await this.#misbehave(fault);
    const nonsense = fault?.kind === "nonsense" ? fault.nonsense : null;
    if (nonsense === "broken_body") return brokenBody();
    const isChat = route.endsWith("/chat/completions");
    const asked = isChat ? readChatRequest(body) : readResponsesRequest(body);
    const output = nonsense ? spoil(nonsense) : this.#say(asked);
    return Response.json(isChat ? toChatCompletion(asked, output) : toModelResponse(asked, output));
  }

  #say(asked: ModelRequest): ModelOutput {
    const scripted = typeof this.script === "function" ? this.script(asked) : this.script;
    if (scripted instanceof Calls) return callAllowed(scripted, asked);
    if (scripted !== null && typeof scripted === "object") {
      return { text: JSON.stringify(scripted) };
    }
    const banking = scripted === null ? answerFromBank(asked) : null;
    if (banking && "call" in banking) return callAllowed(new Calls(banking.call), asked);
    const own = answerTo(asked.said);
    const answer = { ...own, reply: scripted ?? banking?.reply ?? own.reply };
    if (!asked.schema) return { text: answer.reply };
    return { text: JSON.stringify(fillSchema(asked.schema, answer)) };
  }

  /** Waits or throws as the fault says; a wait ends when the simulator stops. */
  async #misbehave(fault: Fault | null): Promise<void> {
    if (fault?.kind === "status") throw errorOfStatus(fault.status, fault.code);
    if (fault?.kind !== "slow" && fault?.kind !== "hang") return;
    const ended = this.stopping.signal;
    await waitUntil(ended, fault.kind === "slow" ? fault.ms : null);
    if (ended.aborted) throw new ApiError(503, null, "The simulator stopped waiting.");
  }

  #remember(request: Request, body: unknown): void {
    this.received.push({
      method: request.method,
      path: new URL(request.url).pathname,
      body: body !== null && typeof body === "object" ? { ...body } : null,
      receivedAt: new Date(),
    });
    if (this.received.length > REMEMBERED_REQUESTS) this.received.shift();
  }
}

/** The model calls only what it was offered; a script that wants more is wrong. */
function callAllowed({ calls }: Calls, { tools }: ModelRequest): ModelOutput {
  const unknown = calls.find(({ name }) => !tools.includes(name));
  if (unknown) {
    throw new ApiError(500, null, `Cannot call "${unknown.name}": it is not among the tools.`);
  }
  return { text: "", calls };
}

function spoil(nonsense: Exclude<Nonsense, "broken_body">): ModelOutput {
  switch (nonsense) {
    case "not_json":
      return { text: "Sure! Here is the reply you asked for:" };
    case "wrong_schema":
      return { text: JSON.stringify({ colour: "blue" }) };
    case "empty":
      return { text: "" };
    case "refusal":
      return { text: "I'm sorry, I can't help with that.", isRefusal: true };
    case "incomplete":
      return { text: '{"reply":"Thank you for your mess', isIncomplete: true };
  }
}

/** What a proxy in front of a model answers when it is confused. */
function brokenBody(): Response {
  return new Response("<html><body>Bad Gateway</body></html>", {
    headers: { "content-type": "application/json" },
  });
}

const toModel = (id: string) => ({ id, object: "model", created: 0, owned_by: "simulator" });

function listModels(): Response {
  return Response.json({ object: "list", data: MODELS.map(toModel) });
}

function showModel(id: string): Response {
  if (MODELS.includes(id)) return Response.json(toModel(id));
  throw new ApiError(404, "model_not_found", `The model '${id}' does not exist.`);
}

/** Resolves when `ended` aborts, or after `ms` milliseconds unless that is null. */
function waitUntil(ended: AbortSignal, ms: number | null): Promise<void> {
  return new Promise((resolve) => {
    if (ended.aborted) return resolve();
    const timer = ms === null ? null : setTimeout(resolve, ms);
    ended.addEventListener("abort", () => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
