/**
 * Passes a request on to an Edge Function, which sees what a hosted one sees: the scheme, host and
 * path of the platform's inside, never the public URL
 * (https://supabase.com/docs/guides/functions/logging, "Logging request headers").
 */

import { setTimeout as delay } from "node:timers/promises";

type Body = ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer> | null;

/** Where the functions run: `FunctionHosts` of `functions.ts`, or a stand-in. */
export interface FunctionOrigins {
  /** Whether there is such a function, running or not. */
  has(name: string): boolean;
  /** `http://127.0.0.1:<port>` while the function takes requests. */
  originOf(name: string): string | undefined;
  /** The same, waiting for a restart under way; `undefined` when it takes longer. */
  untilUp(name: string, timeoutMs: number): Promise<string | undefined>;
}

const INSIDE_HOST = "edge-runtime.supabase.com";
/** The platform boots a new isolate while the request waits; a process here takes about as long. */
const BOOT_TIMEOUT_MS = 5_000;
/** Bodies up to this size are read first: then the length is known to the function. */
const SMALL_BODY_BYTES = 256 * 1024;
const RECONNECT_MS = 10;
const NOTICE_TIMEOUT_MS = 500;
/** They belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"];

/** Without `allowHost`, fetch replaces the header by the address it connects to. */
const client = Deno.createHttpClient({ allowHost: true });

/** The function's answer as it is; 404 for an unknown function, 503 for one that does not run. */
export async function forward(
  request: Request,
  name: string,
  functions: FunctionOrigins,
): Promise<Response> {
  if (!functions.has(name)) return failure(404, "NOT_FOUND", "Requested function was not found");
  let isBroken = false;
  const body = await bodyOf(request, () => isBroken = true);
  if (isBroken) return brokenOff();
  const deadline = Date.now() + BOOT_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const origin = functions.originOf(name) ?? await functions.untilUp(name, BOOT_TIMEOUT_MS);
    if (!origin) break;
    try {
      return await send(request, body, origin);
    } catch (error) {
      if (isBroken) return brokenOff();
      // Only a request that nobody has received may be sent again.
      if (!wasRefused(error) || body instanceof ReadableStream) {
        await untilNoticed(origin, () => functions.originOf(name));
        return failure(500, "WORKER_ERROR", "Function exited due to an error (please check logs)");
      }
      await delay(RECONNECT_MS);
    }
  }
  return failure(503, "BOOT_ERROR", "Function failed to start (please check logs)");
}

async function send(request: Request, body: Body, origin: string): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const response = await fetch(origin + pathname.replace(/^\/functions\/v1/, "") + search, {
    method: request.method,
    headers: headersInside(request.headers),
    body,
    redirect: "manual",
    client,
  });
  const headers = withoutHopByHop(response.headers);
  // fetch has unpacked the body; `Deno.serve` packs it anew for a client that wants it packed.
  if (headers.has("content-encoding")) {
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return new Response(response.body, { status: response.status, headers });
}

/** The process has just died, and its end has not been noticed yet. */
function wasRefused(error: unknown): boolean {
  return error instanceof TypeError && error.message.includes("client error (Connect)");
}

/** So that the client's next request does not meet the process that is just ending. */
async function untilNoticed(origin: string, current: () => string | undefined) {
  const deadline = Date.now() + NOTICE_TIMEOUT_MS;
  while (current() === origin && Date.now() < deadline) await delay(RECONNECT_MS);
}

function headersInside(outside: Headers): Headers {
  const headers = withoutHopByHop(outside);
  headers.set("host", INSIDE_HOST);
  headers.set("x-forwarded-host", INSIDE_HOST);
  headers.set("x-forwarded-port", "443");
  headers.set("x-forwarded-proto", "https");
  return headers;
}

function withoutHopByHop(headers: Headers): Headers {
  const kept = new Headers(headers);
  for (const name of HOP_BY_HOP) kept.delete(name);
  return kept;
}

async function bodyOf(request: Request, onBroken: () => void): Promise<Body> {
  if (request.body === null) return null;
  const length = Number(request.headers.get("content-length") ?? Infinity);
  if (length > SMALL_BODY_BYTES) return watched(request.body, onBroken);
  return await request.bytes().catch(() => (onBroken(), null));
}

/** The stream as it is; `onBroken` is told when it ends before its end. */
function watched(stream: ReadableStream<Uint8Array<ArrayBuffer>>, onBroken: () => void) {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onBroken();
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function brokenOff(): Response {
  return failure(400, "BAD_REQUEST", "The request's body ended before its end");
}

/** What the platform says when a function cannot answer. */
export function failure(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status, headers: { "sb-error-code": code } });
}
