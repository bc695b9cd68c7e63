/**
 * Everything that Supabase, Twilio and OpenAI would run, on a database that is there already: the
 * gateway, the functions, the workers behind pg_net and pg_cron, and the simulators.
 */
import { fileURLToPath } from "node:url";
import { AlertBox } from "./alerts.ts";
import { BUSINESS_ADDRESS, type Ports } from "./credentials.ts";
import {
  type Environment,
  functionEnvironment,
  networkPermission,
  type StackUrls,
} from "./function_environment.ts";
import { registerFaults } from "./faults.ts";
import { type FunctionHosts, startFunctions } from "./functions.ts";
import { type Gateway, startGateway } from "./gateway.ts";
import { type OpenAISimulator, startOpenAISimulator } from "./openai_simulator.ts";
import { platformDeno } from "./packages.ts";
import { startPgCronWorker } from "./pg_cron_worker.ts";
import { mountConsole } from "./console/stage_console.ts";
import { ledgerRoutes } from "./ledger.ts";
import type { PostgresHandle } from "./managed_postgres.ts";
import { PgNetSwitch } from "./pg_net_switch.ts";
import { startTwilioSimulator, type TwilioSimulator } from "./twilio_simulator.ts";
import { nameBusinessAddresses } from "./business_addresses.ts";
import { storeSecrets, vaultSecrets } from "./vault.ts";

export interface StackOptions {
  /** The migrated database, for each role that may log in. */
  databaseUrl: (role: string) => string;
  ports: Omit<Ports, "postgres">;
  /** The database's server, where it may be killed and stopped. */
  postgres?: PostgresHandle;
  /** Where stored media are kept; without it they are gone at the end. */
  storageFolder?: string;
  /** What the operator set; for the rest the functions meet the simulators. */
  settings?: Environment;
  /** The functions that start when they are first asked for. */
  lazy?: string[];
  /** Told of each line that a function prints. */
  log?: (name: string, line: string) => void;
}

export interface Stack extends AsyncDisposable {
  gateway: Gateway;
  functions: FunctionHosts;
  twilio: TwilioSimulator;
  openai: OpenAISimulator;
  pgNet: PgNetSwitch;
  /** The alerts that came, unless the operator receives them elsewhere. */
  alerts: AlertBox;
  /** What the functions were told. */
  environment: Environment;
  /** Where Twilio delivers. */
  webhookUrl: string;
  /** The console with its token. */
  consoleUrl: string;
  stop(): Promise<void>;
}

/** Where the functions stand. */
export const FUNCTIONS = fileURLToPath(new URL("../supabase/functions", import.meta.url));
/** What the bare names in their imports mean. */
export const IMPORT_MAP = fileURLToPath(new URL("../import_map.json", import.meta.url));

/** Starts the services in the order in which they need each other; if one fails, none stays. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { databaseUrl, ports, settings = {}, lazy = [], log = () => {} } = options;
  const environment = functionEnvironment(urlsOf(ports), settings);
  const webhookUrl = `${environment["PUBLIC_FUNCTIONS_URL"]}/twilio-webhook`;

  await using starting = new AsyncDisposableStack();
  const stoppable = <Service extends { stop(): Promise<void> }>(service: Service): Service => {
    starting.defer(() => service.stop());
    return service;
  };
  const openai = stoppable(startOpenAISimulator({ port: ports.openai }));
  const twilio = stoppable(await startTwilio(environment, { port: ports.twilio, webhookUrl }));
  const alerts = new AlertBox();
  twilio.route(alerts.routes());
  twilio.route(
    ledgerRoutes(() => twilio.messages.newestFirst().reverse(), databaseUrl("supabase_admin")),
  );
  const functions = stoppable(
    await startFunctions({
      folder: FUNCTIONS,
      importMap: IMPORT_MAP,
      deno: await platformDeno(),
      environment: () => environment,
      permissions: (name) => ["--allow-env", networkPermission(name, environment)],
      lazy,
      log,
    }),
  );
  const gateway = stoppable(
    await startGateway({
      port: ports.gateway,
      databaseUrl: databaseUrl("authenticator"),
      functions,
      ...(options.storageFolder && { storageFolder: options.storageFolder }),
    }),
  );
  const ALERT_URL = settings["ALERT_URL"] ?? `${twilio.url}/simulator/alerts`;
  const secrets = vaultSecrets({ ...environment, ALERT_URL }, gateway.url);
  await storeSecrets(databaseUrl("postgres"), secrets);
  // With the real Twilio the operator says which addresses are ours: the simulator's are not.
  if (environment["TWILIO_API_URL"] === twilio.url) {
    await nameBusinessAddresses(databaseUrl("postgres"), [BUSINESS_ADDRESS]);
  }
  const pgNet = stoppable(await PgNetSwitch.start(databaseUrl("supabase_admin")));
  stoppable(await startPgCronWorker(databaseUrl("supabase_admin")));
  registerFaults(twilio.faults, {
    ...{ openai, pgNet, functions, postgres: options.postgres },
    report: (name, error) => log(name, String(error)),
  });

  const consoleUrl = mountConsole({
    ...{ twilio, openai, databaseUrl: databaseUrl("supabase_admin"), gatewayUrl: gateway.url },
    secretKeys: environment["SUPABASE_SECRET_KEYS"] ?? "",
  });

  const started = starting.move();
  const stop = () => started.disposeAsync();
  return {
    ...{ gateway, functions, twilio, openai, pgNet, alerts, environment, webhookUrl, consoleUrl },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function startTwilio(
  environment: Environment,
  { port, webhookUrl }: { port: number; webhookUrl: string },
): Promise<TwilioSimulator> {
  return startTwilioSimulator({
    ...{ port, webhookUrl, businessAddress: BUSINESS_ADDRESS },
    accountSid: environment["TWILIO_ACCOUNT_SID"] ?? "",
    authToken: environment["TWILIO_AUTH_TOKEN"] ?? "",
    otherAddresses: [environment["CODE_SMS_FROM"]].filter((number) => number !== undefined),
  });
}

function urlsOf({ gateway, twilio, openai }: StackOptions["ports"]): StackUrls {
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return { gateway: at(gateway), twilio: at(twilio), openai: `${at(openai)}/v1` };
}
