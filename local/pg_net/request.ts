/**
 * One HTTP request as libcurl makes it for pg_net, and what pg_net keeps of its answer. It speaks
 * HTTP/1.1 on a bare connection: `fetch` orders headers, reuses connections and words errors in
 * ways that pg_net does not.
 */
import { Buffer } from "node:buffer";
import { CurlError, curlErrorFor } from "./errors.ts";
import { type HttpAnswer, readAnswer } from "./read_answer.ts";

/** A row of net.http_request_queue. */
export interface QueuedRequest {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string | null> | null;
  body: Uint8Array | null;
  timeout_milliseconds: number;
}

/** A row of net._http_response, without its id. */
export interface StoredAnswer {
  status_code: number | null;
  content_type: string | null;
  headers: Record<string, string> | null;
  content: string | null;
  timed_out: boolean;
  error_msg: string | null;
}

interface Times {
  started: number;
  connected?: number;
}

const MAX_REDIRECTS = 30;

/** Makes the request; failures are answers too. Rejects only when `cancelled` ends it. */
export async function performRequest(
  request: QueuedRequest,
  cancelled: AbortSignal,
): Promise<StoredAnswer> {
  const times: Times = { started: performance.now() };
  const timeout = new AbortController();
  const limit = request.timeout_milliseconds;
  const timer = limit > 0 ? setTimeout(() => timeout.abort(), limit) : undefined;
  try {
    const signal = AbortSignal.any([cancelled, timeout.signal]);
    return answered(await follow(request, signal, times));
  } catch (error) {
    cancelled.throwIfAborted();
    if (timeout.signal.aborted) return failed(describeTimeout(limit, times), true);
    return failed(curlErrorFor(error).message, false);
  } finally {
    clearTimeout(timer);
  }
}

async function follow(
  request: QueuedRequest,
  signal: AbortSignal,
  times: Times,
): Promise<HttpAnswer> {
  let { method, url, body } = { ...request, method: request.method.toUpperCase() };
  let seen: Record<string, string> = {};
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await exchange(url, { ...request, method, body }, signal, times);
    seen = { ...seen, ...answer.headers };
    const location = header(answer.headers, "location");
    if (!location || ![301, 302, 303, 307, 308].includes(answer.status)) {
      return { ...answer, headers: seen };
    }
    url = new URL(location, url).href;
    if (answer.status < 307 && method === "POST") [method, body] = ["GET", null];
  }
  throw new CurlError("Number of redirects hit maximum amount");
}

async function exchange(
  url: string,
  request: Omit<QueuedRequest, "url">,
  signal: AbortSignal,
  times: Times,
): Promise<HttpAnswer> {
  const target = parse(url);
  using connection = await connect(target, signal);
  times.connected = performance.now();
  // Closing is what ends a read that waits.
  const close = () => connection.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    const bytes = Buffer.concat([head(url, target, request), request.body ?? Buffer.alloc(0)]);
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    const answer = await readAnswer(connection);
    signal.throwIfAborted();
    return answer;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

function parse(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed) throw new CurlError("URL using bad/illegal format or missing URL");
  if (!/^https?:$/.test(parsed.protocol)) throw new CurlError("Unsupported protocol");
  return parsed;
}

async function connect(target: URL, signal: AbortSignal): Promise<Deno.Conn> {
  const hostname = target.hostname.replace(/^\[|\]$/g, "");
  const secure = target.protocol === "https:";
  const port = Number(target.port || (secure ? 443 : 80));
  const connection = await Deno.connect({ hostname, port, signal });
  return secure ? await Deno.startTls(connection, { hostname }) : connection;
}

/** Everything before the body, in pg_net's order: own defaults, the caller's headers, the agent. */
function head(url: string, target: URL, request: Omit<QueuedRequest, "url">): Buffer {
  const given = Object.entries(request.headers ?? {}).filter(([, value]) => value !== null);
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const hasBody = request.method === "POST" || request.body !== null;
  const defaults = [["Host", target.host], ["Accept", "*/*"]];
  if (hasBody) defaults.push(["Content-Type", "application/x-www-form-urlencoded"]);
  const lines = [
    ...defaults.filter(([name]) => !names.has(name!.toLowerCase())),
    ...given.filter(([, value]) => value !== ""), // An empty value takes the header away.
    ["User-Agent", "pg_net/0.20.4"],
    ...(hasBody ? [["Content-Length", String(request.body?.length ?? 0)]] : []),
  ].map(([name, value]) => `${name}: ${value}\r\n`);
  // As written, not as `URL` would escape it.
  const path = url.match(/^[^:]*:\/*[^/?#]*([^#]*)/)?.[1];
  return Buffer.from(`${request.method} ${path || "/"} HTTP/1.1\r\n${lines.join("")}\r\n`);
}

function answered({ status, headers, body }: HttpAnswer): StoredAnswer {
  return {
    status_code: status,
    content_type: header(headers, "content-type") ?? null,
    headers,
    content: new TextDecoder().decode(body).split("\0")[0] || null,
    timed_out: false,
    error_msg: null,
  };
}

function failed(error_msg: string, timed_out: boolean): StoredAnswer {
  return {
    status_code: null,
    content_type: null,
    headers: null,
    content: null,
    timed_out,
    error_msg,
  };
}

function header(headers: Record<string, string>, name: string): string | undefined {
  return Object.entries(headers).findLast(([key]) => key.toLowerCase() === name)?.[1];
}

/** The look-up of the name counts as part of the handshake: Deno makes both in one call. */
function describeTimeout(limit: number, { started, connected }: Times): string {
  const total = performance.now() - started;
  const handshake = connected === undefined ? 0 : connected - started;
  const ms = (value: number) => `${value.toFixed(6)} ms`;
  return `Timeout of ${limit} ms reached. Total time: ${ms(total)} (DNS time: ${ms(0)}, ` +
    `TCP/SSL handshake time: ${ms(handshake)}, ` +
    `HTTP Request/Response time: ${ms(connected === undefined ? 0 : total - handshake)})`;
}
