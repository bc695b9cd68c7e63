/**
 * Runs one Edge Function, unchanged, in a process of its own: gives its `Deno.serve` a free port on
 * 127.0.0.1, tells the port on stdout, provides `EdgeRuntime`, and ends when stdin closes, so that
 * no process outlives the stack. Runs on the platform's Deno (2.1.4): no newer APIs here.
 *
 * Usage: `deno run function_host.ts file:///…/index.ts`
 */

/** How long work that `waitUntil` was told of may go on once the stack stops, in milliseconds. */
const LAST_WORK_MS = 2_000;

const backgroundWork = new Set<Promise<unknown>>();

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

const serve = Deno.serve;

function serveOnFreePort(
  first: Deno.ServeTcpOptions | Deno.ServeHandler,
  second?: Deno.ServeHandler,
): Deno.HttpServer<Deno.NetAddr> {
  const [options, handler] = typeof first === "function" ? [{}, first] : [first, second];
  return serve(
    {
      ...options,
      ...(handler ? { handler } : {}),
      hostname: "127.0.0.1",
      port: 0,
      onListen: ({ port }: Deno.NetAddr) => write(Deno.stdout, `function-host: port ${port}`),
    } as Deno.ServeTcpOptions & { handler: Deno.ServeHandler },
  );
}

async function endWithParent() {
  for await (const _ of Deno.stdin.readable);
  const patience = new Promise((done) => setTimeout(done, LAST_WORK_MS));
  await Promise.race([Promise.allSettled(backgroundWork), patience]);
  Deno.exit(0);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string) {
  stream.writeSync(new TextEncoder().encode(`${line}\n`));
}

Object.defineProperty(globalThis, "EdgeRuntime", { value: { waitUntil } });
Object.defineProperty(Deno, "serve", { value: serveOnFreePort });
endWithParent();
await import(Deno.args[0] ?? "");
