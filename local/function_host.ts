/**
 * Runs one Edge Function, unchanged, in a process of its own: gives its `Deno.serve` a free port on
 * 127.0.0.1, tells the port on stdout, provides `EdgeRuntime`, stands still at the points that the
 * parent arms, and ends when stdin closes, so that no process outlives the stack. Runs on the
 * platform's Deno (2.1.4): no newer APIs here.
 *
 * Usage: `deno run function_host.ts <name> file:///…/index.ts`. Each line on stdin is an `Orders`;
 * the function is loaded after the first one.
 */
import { type Arming, liesAt, type Point, POINTS } from "./function_points.ts";
import { TextLineStream } from "./text_lines.ts";

/** What the parent says: the points that are armed from now on. */
export interface Orders {
  number: number;
  armed: Arming[];
}

/** How long work that `waitUntil` was told of may go on once the stack stops, in milliseconds. */
const LAST_WORK_MS = 2_000;
/** How long to stand still for a SIGKILL; if the parent is gone, the process ends by itself. */
const LAST_STAND_MS = 10_000;
/** What of a large body nobody has read is taken in for so long before the answer leaves. */
const DRAIN_MS = 1_000;
const SMALL_BODY_BYTES = 16 * 1024;

const [name = "", index = ""] = Deno.args;
const { fetch, Deno: { serve } } = globalThis;
const backgroundWork = new Set<Promise<unknown>>();
let armed: Arming[] = [];

/** As on the platform: the process is not ended while such work is pending, if it can be helped. */
function waitUntil<T>(work: Promise<T>): Promise<T> {
  if (!(work instanceof Promise)) return work;
  backgroundWork.add(work);
  const forget = () => backgroundWork.delete(work);
  work.then(forget, (error) => {
    forget();
    write(Deno.stderr, `EdgeRuntime.waitUntil: ${error instanceof Error ? error.stack : error}`);
  });
  return work;
}

function serveOnFreePort(
  first: Deno.ServeTcpOptions | Deno.ServeHandler,
  second?: Deno.ServeHandler,
): Deno.HttpServer<Deno.NetAddr> {
  const [options, handler] = typeof first === "function" ? [{}, first] : [first, second];
  return serve(
    {
      ...options,
      ...(handler ? { handler: takingAll(handler) } : {}),
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }: Deno.NetAddr) => tell(`port ${port}`),
    } as Deno.ServeTcpOptions & { handler: Deno.ServeHandler },
  );
}

/**
 * The platform's relay takes in the whole request. Here a socket that is closed over unread bytes would
 * lose the answer on its way.
 */
function takingAll(handler: Deno.ServeHandler): Deno.ServeHandler {
  return async (request, info) => {
    const length = Number(request.headers.get("content-length") ?? Infinity);
    if (request.body === null || length <= SMALL_BODY_BYTES) return await handler(request, info);
    const reader = request.body.getReader();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    const answer = await handler(new Request(request, { body }), info);
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, DRAIN_MS);
    await Promise.race([drain(reader), enough]);
    clearTimeout(timer);
    return answer;
  };
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // Whoever sent it has gone.
  }
}

async function fetchPastPoints(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { url, method } = input instanceof Request ? input : { url: String(input), method: "GET" };
  const request = { url, method: (init?.method ?? method).toUpperCase() };
  for (const { arming } of armedAt("before", request)) standStill(arming);
  const response = await fetch(input, init);
  for (const { arming, point } of armedAt("after", request)) {
    if (await (point.reachedBy?.(response) ?? true)) standStill(arming);
  }
  return response;
}

function armedAt(when: Point["when"], request: { method: string; url: string }) {
  return armed.flatMap((arming) => {
    const point = POINTS[name]?.[arming.point];
    return point?.when === when && liesAt(point, request) ? [{ arming, point }] : [];
  });
}

/** Tells the parent, and then runs nothing: no timer, no other request of this process. */
function standStill(arming: Arming) {
  if (arming.times < 1) return;
  arming.times--;
  tell(`reached ${JSON.stringify({ point: arming.point, ms: arming.ms })}`);
  const never = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(never, 0, 0, arming.ms ?? LAST_STAND_MS);
  if (arming.ms === null) Deno.exit(1);
}

/** Resolves after the first orders; ends the process when the parent does. */
function obeyParent(): Promise<void> {
  return new Promise((resolve) => {
    (async () => {
      const text = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
      for await (const line of text.pipeThrough(new TextLineStream())) {
        const orders: Orders = JSON.parse(line);
        armed = orders.armed;
        tell(`obeys ${orders.number}`);
        resolve();
      }
      const patience = new Promise((done) => setTimeout(done, LAST_WORK_MS));
      await Promise.race([Promise.allSettled(backgroundWork), patience]);
      Deno.exit(0);
    })();
  });
}

function tell(what: string) {
  write(Deno.stdout, `function-host: ${what}`);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string) {
  stream.writeSync(new TextEncoder().encode(`${line}\n`));
}

Object.defineProperty(globalThis, "EdgeRuntime", { value: { waitUntil } });
Object.defineProperty(globalThis, "fetch", {
  value: fetchPastPoints,
  configurable: true,
  writable: true,
});
Object.defineProperty(Deno, "serve", { value: serveOnFreePort });
await obeyParent();
await import(index);
