/**
 * What stands between Twilio and the database, for benchmarks: the functions to be compared, each in
 * its process, and the gateway in its own. Nothing rings here: pg_net has no worker.
 */
import { freePort } from "../../local/free_port.ts";
import { functionEnvironment } from "../../local/function_environment.ts";
import { type FunctionHosts, startFunctions } from "../../local/functions.ts";
import { platformDeno } from "../../local/packages.ts";
import { FUNCTIONS, IMPORT_MAP } from "../../local/stack.ts";
import { type BenchDatabase, startBenchDatabase } from "./bench_database.ts";

export interface BenchStack extends AsyncDisposable {
  database: BenchDatabase;
  /** The gateway's URL. */
  url: string;
  authToken: string;
}

const OWN_FUNCTIONS = new URL("./functions", import.meta.url).pathname;
const GATEWAY = new URL("./gateway_process.ts", import.meta.url).pathname;

/** Starts all of it; the product's functions and those of `tests/bench/functions`. */
export async function startBenchStack(): Promise<BenchStack> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await startBenchDatabase());
  await database.admin.unsafe(await Deno.readTextFile(new URL("./usual.sql", import.meta.url)));
  const agent = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(null, { status: 202 }),
  );
  starting.defer(() => agent.shutdown());
  const port = freePort();
  const at = (number: number) => `http://127.0.0.1:${number}`;
  const environment = functionEnvironment(
    { gateway: at(port), twilio: at(agent.addr.port), openai: at(agent.addr.port) },
    {},
  );
  const hosts: FunctionHosts[] = [];
  for (const folder of [FUNCTIONS, OWN_FUNCTIONS]) {
    const started = await startFunctions({
      folder,
      importMap: IMPORT_MAP,
      deno: await platformDeno(),
      environment: () => environment,
      permissions: () => ["--allow-env", "--allow-net"],
    });
    starting.defer(() => started.stop());
    hosts.push(started);
  }
  const origins = Object.fromEntries(
    hosts.flatMap((host) => host.names.map((name) => [name, host.originOf(name)])),
  );
  const options = JSON.stringify({ databaseUrl: database.url("authenticator"), origins });
  const gateway = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", GATEWAY, options, String(port)],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  starting.defer(async () => {
    await gateway.stdin.close();
    await gateway.status;
  });
  await firstLine(gateway.stdout);
  const all = starting.move();
  return {
    ...{ database, url: at(port), authToken: environment["TWILIO_AUTH_TOKEN"] ?? "" },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Resolves when the process has said where it listens. Throws when it ends without a word. */
async function firstLine(output: ReadableStream<Uint8Array>) {
  const reader = output.getReader();
  if ((await reader.read()).done) throw new Error("Cannot start the gateway: it ended");
  void (async () => {
    while (!(await reader.read()).done);
  })();
}
