/** The settings of the functions, as they were given to this task: there, and in their form. */
import { readSettings } from "../../supabase/functions/_shared/settings.ts";
import { MediaSettings } from "../../supabase/functions/media/settings.ts";
import { OperationsSettings } from "../../supabase/functions/operations/settings.ts";
import { OrchestratorSettings } from "../../supabase/functions/orchestrator/settings.ts";
import { SyncSettings } from "../../supabase/functions/twilio-sync/settings.ts";
import { WebhookSettings } from "../../supabase/functions/twilio-webhook/settings.ts";
import { MEDIA_KEY, OPERATIONS_KEY, ORCHESTRATOR_KEY, SYNC_KEY } from "../credentials.ts";
import type { Environment } from "../function_environment.ts";
import { orWell, type Result, resultsOf } from "./result.ts";

const find = resultsOf("settings");

const SCHEMAS = {
  "twilio-webhook": WebhookSettings,
  orchestrator: OrchestratorSettings,
  "twilio-sync": SyncSettings,
  media: MediaSettings,
  operations: OperationsSettings,
};

/** Which setting holds the key of whoever may call a function. */
export const CALLER_KEYS: Readonly<Record<string, string>> = {
  orchestrator: "ORCHESTRATOR_KEY",
  "twilio-sync": "SYNC_KEY",
  media: "MEDIA_KEY",
  operations: "OPERATIONS_KEY",
};

/** Known to everybody who can read this repository. */
const PUBLIC_KEYS = [MEDIA_KEY, OPERATIONS_KEY, ORCHESTRATOR_KEY, SYNC_KEY];
/** Shorter ones can be guessed. Characters. */
const SHORTEST_KEY = 24;

/** With `isHosted`, keys must also be secret. */
export function checkSettings(
  environment: Environment,
  { isHosted }: { isHosted: boolean },
): Result[] {
  return orWell(
    [
      ...missing(environment),
      ...(isHosted ? callerKeys(environment) : []),
      ...supabaseKeys(environment),
      ...twilioToken(environment),
    ],
    "settings",
    "every setting that a function needs is there, in its form",
  );
}

/** Each problem once, although several functions read the same setting. */
function missing(environment: Environment): Result[] {
  const problems = Object.values(SCHEMAS).flatMap((schema) => {
    try {
      readSettings(schema, environment);
      return [];
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return text.replace("Cannot start: ", "").split("; ");
    }
  });
  return [...new Set(problems)].map((problem) =>
    find("wrong", problem, "set it in the file of settings; .env.example says what it means")
  );
}

function callerKeys(environment: Environment): Result[] {
  const make = "make one with: openssl rand -hex 32";
  const names = Object.values(CALLER_KEYS);
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const key = environment[name] ?? "";
    const twin = seen.get(key);
    seen.set(key, name);
    if (key === "") return [];
    if (PUBLIC_KEYS.includes(key)) {
      return [find("wrong", `${name} is the local stack's, which everybody knows`, make)];
    }
    if (key.length < SHORTEST_KEY) {
      return [find("wrong", `${name} has fewer than ${SHORTEST_KEY} characters`, make)];
    }
    return twin ? [find("hint", `${name} is the same as ${twin}`, make)] : [];
  });
}

function supabaseKeys(environment: Environment): Result[] {
  const given = [environment["SUPABASE_SECRET_KEYS"], environment["SUPABASE_SERVICE_ROLE_KEY"]];
  if (!given.some((key) => key?.includes("sb_publishable_"))) return [];
  const todo = "take the secret key (sb_secret_…) from the project's settings, API Keys";
  return [find("wrong", "SUPABASE_SECRET_KEYS holds a publishable key", todo)];
}

function twilioToken({ TWILIO_AUTH_TOKEN = "" }: Environment): Result[] {
  if (TWILIO_AUTH_TOKEN === "" || /^[0-9a-f]{32}$/.test(TWILIO_AUTH_TOKEN)) return [];
  const todo = "compare it with the Console's; an API key's secret does not sign webhooks";
  return [find("hint", "TWILIO_AUTH_TOKEN is not 32 hex digits, as Twilio's tokens are", todo)];
}
