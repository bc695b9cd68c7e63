/** Everything the doctor looks at, in the order in which one thing needs the other. */
import { DatabaseError } from "../../supabase/functions/_shared/errors.ts";
import { createCaller } from "../../supabase/functions/_shared/caller.ts";
import {
  readSettings,
  SupabaseSettings,
  TwilioSettings,
} from "../../supabase/functions/_shared/settings.ts";
import { WebhookCheckSettings } from "../../supabase/functions/_shared/twilio/webhook_check/settings.ts";
import { OrchestratorSettings } from "../../supabase/functions/orchestrator/settings.ts";
import type { Environment } from "../function_environment.ts";
import { ask } from "./ask.ts";
import { checkAlerts } from "./check_alerts.ts";
import { checkClock } from "./check_clock.ts";
import { checkDatabase } from "./check_database.ts";
import { checkFunctions } from "./check_functions.ts";
import { checkModel } from "./check_model.ts";
import { checkProbe } from "./check_probe.ts";
import { checkSettings } from "./check_settings.ts";
import { checkConfigured, checkCredentials } from "./check_twilio.ts";
import { checkVault } from "./check_vault.ts";
import type { ExpectedSchema } from "./expected_schema.ts";
import { type Installation, openPatient, type Patient } from "./installation.ts";
import { type Result, resultsOf } from "./result.ts";

/** The database's own time-outs are shorter. Milliseconds. */
const DATABASE_TIMEOUT_MS = 15_000;

export interface Examination {
  /** The settings as the functions have them, and the project's URL and secret key. */
  environment: Environment;
  /** Whether this is more than the local stack: then keys must be secret. */
  isHosted: boolean;
  expected: ExpectedSchema;
  /** The names of the functions. */
  functions: readonly string[];
  /** Whether a test alert may be sent. */
  sendsAlert: boolean;
}

interface Seen {
  patient: Patient;
  installation: Installation;
  /** How far the database's clock is ahead of ours. Milliseconds. */
  aheadMs: number;
}

/** Looks at everything, and changes nothing but the record: one probe, one test alert. */
export async function examine(examination: Examination): Promise<Result[]> {
  const { environment, isHosted, expected, functions, sendsAlert } = examination;
  const settings = checkSettings(environment, { isHosted });
  const { results: database, seen } = await seeDatabase(environment, expected);
  const functionsUrl = `${(environment["SUPABASE_URL"] ?? "").replace(/\/+$/, "")}/functions/v1`;
  const hosts = await checkFunctions({ functionsUrl, names: functions, environment });
  const { results: twilio, aheadMs } = await seeTwilio(environment, seen);
  const gateway = await ask(`${functionsUrl}/operations`);
  const clocks = { database: seen?.aheadMs, functions: gateway?.aheadMs, twilio: aheadMs };
  return [
    ...[...settings, ...database, ...hosts, ...twilio, ...checkClock(clocks)],
    ...await seeModel(environment),
    ...seen && sendsAlert
      ? await guarded("alerts", () => checkAlerts(seen.patient, REAL_TIME))
      : [],
  ];
}

const REAL_TIME = {
  now: () => Date.now(),
  wait: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
};

async function seeDatabase(
  environment: Environment,
  expected: ExpectedSchema,
): Promise<{ results: Result[]; seen?: Seen }> {
  const access = readOr(() => readSettings(SupabaseSettings, environment));
  // What is missing was said of the settings.
  if (!access) return { results: [] };
  const patient = openPatient(createCaller({ ...access, timeoutMs: DATABASE_TIMEOUT_MS }));
  const askedAt = Date.now();
  try {
    const installation = await patient.installation();
    const aheadMs = installation.checkedAt - (askedAt + Date.now()) / 2;
    const vault = { salt: patient.salt, secrets: installation.secrets };
    const results = [
      ...checkDatabase(installation, expected),
      ...await checkVault(vault, environment),
    ];
    return { results, seen: { patient, installation, aheadMs } };
  } catch (error) {
    return { results: [sayUnreached(error)] };
  }
}

function sayUnreached(error: unknown): Result {
  const find = resultsOf("database");
  if (!(error instanceof DatabaseError)) throw error;
  if (error.status === 401 || error.status === 403) {
    const todo =
      'set SUPABASE_SECRET_KEYS to {"default": "sb_secret_…"}, from its settings, API Keys';
    return find("wrong", "the project does not take the secret key", todo);
  }
  if (error.code === "PGRST202" || error.code === "unexpected_result") {
    const todo = "apply the migrations of this version: supabase db push";
    return find("wrong", "the database has another version of Switchboard, or none", todo);
  }
  const todo = "see that the project is not paused, and that its URL is right";
  return find("unasked", `the database does not answer (${error.code})`, todo);
}

async function seeTwilio(
  environment: Environment,
  seen: Seen | undefined,
): Promise<{ results: Result[]; aheadMs: number | undefined }> {
  const check = readOr(() => readSettings(WebhookCheckSettings, environment));
  const access = readOr(() => readSettings(TwilioSettings, environment));
  if (!check || !access) return { results: [], aheadMs: undefined };
  const probe = seen
    ? await guarded("probe", () =>
      checkProbe({
        webhookUrl: check.expected.url,
        accountSid: access.twilioAccountSid,
        authToken: access.twilioAuthToken,
        database: seen.patient,
      }))
    : [];
  const credentials = await checkCredentials(access);
  const addresses = seen?.installation.settings.businessAddresses;
  const configured = credentials.answer?.status === 200
    ? await checkConfigured(check, addresses)
    : [];
  const results = [...probe, ...credentials.results, ...configured];
  return { results, aheadMs: credentials.answer?.aheadMs };
}

async function seeModel(environment: Environment): Promise<Result[]> {
  const settings = readOr(() => readSettings(OrchestratorSettings, environment));
  return settings ? await checkModel(settings) : [];
}

/** A database that goes away between two checks leaves the rest to be said. */
async function guarded(check: string, work: () => Promise<Result[]>): Promise<Result[]> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return [resultsOf(check)("unasked", `the database does not answer (${error.code})`)];
  }
}

function readOr<Settings>(read: () => Settings): Settings | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
