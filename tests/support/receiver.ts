/** A small HTTP server that keeps what it gets, for tests of whoever calls it. */
export interface Received {
  method: string;
  /** As it was requested, with host, port and query. */
  url: string;
  headers: Headers;
  body: string;
  /** The form in the body. */
  form: URLSearchParams;
}

export interface Receiver extends AsyncDisposable {
  /** http://127.0.0.1:<port> */
  url: string;
  received: Received[];
  /** Resolves when `count` requests have come; rejects after `timeoutMs`. */
  waitFor(count: number, timeoutMs?: number): Promise<Received[]>;
}

/** Starts one on a free port; without an `answer` it says 204 to everything. */
export function startReceiver(
  answer: (request: Received) => Response | Promise<Response> = () =>
    new Response(null, { status: 204 }),
): Receiver {
  const received: Received[] = [];
  const arrivals = new EventTarget();
  const stopping = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, signal: stopping.signal, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { method, url, headers } = request;
    const body = await request.text();
    received.push({ method, url, headers, body, form: new URLSearchParams(body) });
    arrivals.dispatchEvent(new Event("arrival"));
    return await answer(received.at(-1) as Received);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    waitFor: (count, timeoutMs = 5_000) => waitFor({ received, arrivals, count, timeoutMs }),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await server.finished;
    },
  };
}

interface Wait {
  received: Received[];
  arrivals: EventTarget;
  count: number;
  timeoutMs: number;
}

function waitFor({ received, arrivals, count, timeoutMs }: Wait): Promise<Received[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Received[]>();
  const check = () => {
    if (received.length >= count) resolve(received);
  };
  const timer = setTimeout(() => {
    reject(new Error(`Cannot see ${count} requests: ${received.length} after ${timeoutMs} ms`));
  }, timeoutMs);
  arrivals.addEventListener("arrival", check);
  check();
  return promise.finally(() => {
    clearTimeout(timer);
    arrivals.removeEventListener("arrival", check);
  });
}
