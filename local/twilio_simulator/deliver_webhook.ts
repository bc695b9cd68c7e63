/** One signed POST as Twilio makes it: its headers, its time-outs, its retries. */
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { type Target, targetOf } from "./connection_overrides.ts";
import type { WebhookParameters } from "./message.ts";
import { pause } from "./pause.ts";

/** What a server answered, as Twilio's debugger would show it. */
export interface WebhookResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** From the first byte sent to the last one received, of the last attempt. */
  ms: number;
}

export interface Delivery {
  response: WebhookResponse | null;
  attempts: number;
  /** Why Twilio counts it as failed, by the code of its debugger. */
  error?: { code: number; message: string };
}

export interface Caller {
  authToken: string;
  client: Deno.HttpClient;
  signal: AbortSignal;
}

export interface DeliveryOptions {
  /** Asked before each attempt: whether no connection comes about this time. */
  isUnreachable?: () => boolean;
}

/** "ct" and "rt" are Twilio's words for no connection, and no answer; "partial" is never retried. */
type Kind = "ok" | "4xx" | "5xx" | "ct" | "rt" | "partial";
interface Attempt {
  kind: Kind;
  response: WebhookResponse | null;
  reason: string;
}

/** Delivers the parameters to a configured URL; never throws. */
export async function deliverWebhook(
  configured: string,
  parameters: WebhookParameters,
  caller: Caller & DeliveryOptions,
): Promise<Delivery> {
  const target = targetOf(configured);
  const headers = headersFor(target, parameters, caller.authToken);
  const deadline = performance.now() + target.totalTimeoutMs;
  for (let attempts = 1;; attempts++) {
    const result = caller.isUnreachable?.()
      ? await unconnected(target, deadline, caller)
      : await attempt(target, { parameters, headers, deadline, caller });
    const again = target.retryOn.has(result.kind) && attempts <= target.retries &&
      performance.now() < deadline && !caller.signal.aborted;
    if (!again) return { response: result.response, attempts, ...errorOf(result) };
  }
}

/** The body of a form with these parameters, spaces written as "+". */
function formBody(parameters: WebhookParameters): string {
  const pairs = [...parameters].flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each])
  );
  return new URLSearchParams(pairs).toString();
}

function headersFor(target: Target, parameters: WebhookParameters, authToken: string): Headers {
  return new Headers({
    "Accept": "*/*",
    "Accept-Encoding": "gzip",
    "Content-Type": "application/x-www-form-urlencoded",
    "I-Twilio-Idempotency-Token": crypto.randomUUID(),
    "User-Agent": "TwilioProxy/1.1",
    "X-Home-Region": "us1",
    "X-Twilio-Signature": sign(authToken, target.url, parameters),
  });
}

interface Try {
  parameters: WebhookParameters;
  headers: Headers;
  deadline: number;
  caller: Caller;
}

/** Twilio knocks, and nobody opens until its time is up. */
async function unconnected(
  { connectTimeoutMs }: Target,
  deadline: number,
  { signal }: Caller,
): Promise<Attempt> {
  // A timer may fire within the millisecond before its time.
  const remainingMs = Math.max(deadline - performance.now() + 1, 0);
  await pause(Math.min(connectTimeoutMs, remainingMs), signal);
  return { kind: "ct", response: null, reason: `no connection within ${connectTimeoutMs} ms` };
}

async function attempt(target: Target, { parameters, headers, deadline, caller }: Try) {
  const started = performance.now();
  const limits = new AbortController();
  const stop = () => limits.abort();
  const remainingMs = Math.max(deadline - started, 0);
  const read = setTimeout(stop, Math.min(target.readTimeoutMs, remainingMs));
  const total = setTimeout(stop, remainingMs);
  caller.signal.addEventListener("abort", stop);
  const init = { method: "POST", headers, body: formBody(parameters), client: caller.client };
  try {
    let answer = await fetch(target.url, { ...init, signal: limits.signal });
    if (answer.status === 401 && target.authorization && !headers.has("Authorization")) {
      await answer.body?.cancel();
      headers.set("Authorization", target.authorization);
      answer = await fetch(target.url, { ...init, signal: limits.signal });
    }
    clearTimeout(read);
    return await readAnswer(answer, started);
  } catch (error) {
    return unanswered(error);
  } finally {
    clearTimeout(read);
    clearTimeout(total);
    caller.signal.removeEventListener("abort", stop);
  }
}

async function readAnswer(answer: Response, started: number): Promise<Attempt> {
  const { status } = answer;
  const kind = status >= 500 ? "5xx" : status >= 400 ? "4xx" : "ok";
  const body = await answer.text().catch(() => undefined);
  const response = {
    status,
    headers: Object.fromEntries(answer.headers),
    body: body ?? "",
    ms: performance.now() - started,
  };
  if (body === undefined) return { kind: "partial", response, reason: "the answer broke off" };
  return { kind, response, reason: `the answer was ${status}` };
}

function unanswered(error: unknown): Attempt {
  const cause = error instanceof Error ? error.cause ?? error : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  // Deno tells a connection that was never made from one that broke by this word alone.
  const kind = reason.includes("(Connect)") ? "ct" : "rt";
  return { kind, response: null, reason };
}

/** 11205: no connection; 11200: everything else that is no good answer. */
function errorOf({ kind, reason }: Attempt): Pick<Delivery, "error"> {
  if (kind === "ok") return {};
  return { error: { code: kind === "ct" ? 11205 : 11200, message: reason } };
}
