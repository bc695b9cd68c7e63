/**
 * `deno task console -- --url https://….supabase.co`: the operator's view of a hosted project, or
 * without a URL of the local stack, on loopback until Ctrl-C. Exit code 2 when it cannot start.
 */
import { parseArgs } from "node:util";
import { createConsole } from "./console/console.tsx";
import { createRecords } from "./console/records.ts";
import { newToken } from "./console/token.ts";
import { portsFrom } from "./credentials.ts";
import { connect } from "./customer_data/connect.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { movedBasePort, readGiven } from "./task_environment.ts";

/** Beside the ports of the local stack: both may run. */
const PORT_AFTER_BASE = 5;

async function main(): Promise<number> {
  const { url, port } = readOptions();
  const basePort = movedBasePort();
  const token = newToken();
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  const app = createConsole({
    token,
    records: createRecords(connect(await readGiven(), { projectUrl: url, basePort })),
    projectName: url ? new URL(url).host : "local stack",
  });
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: port ?? portsFrom(basePort).gateway - 1 + PORT_AFTER_BASE,
    onListen: ({ port }) => say(`console http://127.0.0.1:${port}/?token=${token}`),
  }, app.fetch);
  await stopped;
  // Open streams end with the process.
  void server.shutdown();
  Deno.exit(0);
}

/** Throws an Error for an unknown option or a port that is none. */
function readOptions() {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: { url: { type: "string" }, port: { type: "string" } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new Error(`Cannot read --port: "${values.port}" is no port`);
  }
  return { url: values.url, port };
}

await runTask(main);
