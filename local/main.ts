/**
 * `deno task start`: the whole service on this machine, with one message sent through it. Serves
 * until Ctrl-C; the data stays for the next start.
 */
import { fileURLToPath } from "node:url";
import { bootstrapDatabase } from "./bootstrap.ts";
import { DEFAULT_BASE_PORT, type Ports, portsFrom } from "./credentials.ts";
import { sendDemoMessage } from "./demo.ts";
import { demoBankSettings, fillDemoBank } from "./demo_bank.ts";
import { assertFree } from "./free_port.ts";
import { usesRealModel } from "./function_environment.ts";
import { prepareFunctions } from "./functions.ts";
import { ManagedPostgres } from "./managed_postgres.ts";
import { applyMigrations } from "./migrate.ts";
import { databaseUrl } from "./postgres.ts";
import { FUNCTIONS, IMPORT_MAP, type Stack, startStack } from "./stack.ts";
import { readGiven } from "./task_environment.ts";
import { CONNECTION_OVERRIDES } from "../supabase/functions/_shared/twilio/webhook_check/compare_url.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function main() {
  const stopped = nextStopSignal();
  const ports = portsFrom(basePort());
  const { gateway, twilio, openai } = ports;
  assertFree({ gateway, twilio, openai });
  await using running = new AsyncDisposableStack();

  say("Functions: fetching their modules");
  await prepareFunctions({ folder: FUNCTIONS, importMap: IMPORT_MAP });
  const folder = Deno.env.get("SWITCHBOARD_DATA") || `${ROOT}.data`;
  const postgres = await ManagedPostgres.start({ folder, port: ports.postgres, progress: say });
  running.defer(() => postgres.stop());
  await prepareDatabase(ports.postgres);
  const stack = running.use(await startServices(ports, postgres, `${folder}/storage`));
  configureWebhook(stack);

  await demonstrate(stack, ports);
  sayWhatIsWhere(stack, ports);
  await stopped;
  say("\nStopping");
}

async function prepareDatabase(port: number) {
  const superuser = databaseUrl(port, "postgres", "supabase_admin");
  await bootstrapDatabase(superuser, { defaultPrivileges: "2026" });
  const applied = await applyMigrations(databaseUrl(port), `${ROOT}supabase/migrations`);
  await fillDemoBank(databaseUrl(port));
  say(`Postgres: ${applied.length} migrations applied`);
}

async function startServices(
  ports: Ports,
  postgres: ManagedPostgres,
  storageFolder: string,
): Promise<Stack> {
  say("Services: starting functions, gateway and simulators");
  return await startStack({
    databaseUrl: (role) => databaseUrl(ports.postgres, "postgres", role),
    ...{ ports, postgres, storageFolder },
    settings: demoBankSettings(await readGiven()),
    log: (name, line) => say(`${name}: ${line}`),
  });
}

/** As it should be configured at Twilio: with retries, and with ourselves as the fallback. */
function configureWebhook({ twilio, webhookUrl }: Stack) {
  twilio.webhook.url = webhookUrl + CONNECTION_OVERRIDES;
  twilio.webhook.fallbackUrl = twilio.webhook.url;
}

async function demonstrate(stack: Stack, ports: Ports) {
  if (stack.environment["TWILIO_API_URL"] !== stack.twilio.url) {
    say("No message is sent through it: TWILIO_API_URL is not the simulator.");
    return;
  }
  await sendDemoMessage(stack, databaseUrl(ports.postgres), say);
}

function sayWhatIsWhere(stack: Stack, ports: Ports) {
  const { environment, gateway, openai, twilio, webhookUrl, consoleUrl } = stack;
  const model = usesRealModel(environment) ? "https://api.openai.com/v1" : openai.url;
  say(`
  console        ${consoleUrl}
  webhook        ${webhookUrl}
  API            ${gateway.url}
  database       ${databaseUrl(ports.postgres)}
  Twilio         ${twilio.url}   (simulator; POST /simulator/inbound {"from": "+49…", "body": "Hi"})
  model          ${model}
`);
  say(`ready ${gateway.url}`);
}

/**
 * Resolves at the first signal to stop. Further ones change nothing: Ctrl-C reaches us from the
 * terminal and from `deno task` as well, and stopping ends by itself within seconds.
 */
function nextStopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of STOP_SIGNALS) Deno.addSignalListener(signal, () => resolve());
  return promise;
}

function basePort(): number {
  const text = Deno.env.get("SWITCHBOARD_PORT") || String(DEFAULT_BASE_PORT);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1023 && port <= 65531) return port;
  throw new Error(`Cannot start: SWITCHBOARD_PORT is "${text}", not a number from 1023 to 65531`);
}

/** The only voice of the local stack. */
function say(line: string) {
  // deno-lint-ignore no-console
  console.log(line);
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}
Deno.exit(0);
