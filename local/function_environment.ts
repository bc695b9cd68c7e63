/**
 * What each function process is told: what Supabase sets by itself, the settings that the operator
 * gave, and for the rest values that point at the simulators.
 */
import { parseEnv } from "node:util";
import { messagingApiUrlFor } from "../supabase/functions/_shared/twilio/webhook_check/settings.ts";
import {
  MEDIA_KEY,
  OPERATIONS_KEY,
  ORCHESTRATOR_KEY,
  PUBLISHABLE_KEY,
  SECRET_KEY,
  SYNC_KEY,
  TWILIO_ACCOUNT_SID,
  TWILIO_AUTH_TOKEN,
} from "./credentials.ts";

export type Environment = Record<string, string>;

/** The settings of the service itself; nothing else of the operator's environment reaches it. */
export const FUNCTION_SETTINGS: readonly string[] = [
  "PUBLIC_FUNCTIONS_URL",
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_AUTH_TOKEN_SECONDARY",
  "TWILIO_API_URL",
  "TWILIO_MESSAGING_API_URL",
  "ACKNOWLEDGEMENT_TEXT",
  "DIRECT_RING",
  "APOLOGY_TEXT",
  "ORCHESTRATOR_KEY",
  "ORCHESTRATOR_KEY_SECONDARY",
  "OPERATIONS_KEY",
  "OPERATIONS_KEY_SECONDARY",
  "SYNC_KEY",
  "SYNC_KEY_SECONDARY",
  "MEDIA_KEY",
  "MEDIA_KEY_SECONDARY",
  "AGENTS",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_MODEL",
  "OPENAI_SEES_IMAGES",
  "OPENAI_INPUT_PRICE",
  "OPENAI_CACHED_INPUT_PRICE",
  "OPENAI_OUTPUT_PRICE",
  "HTTP_AGENT_URL",
  "HTTP_AGENT_SECRET",
  "HTTP_AGENT_TIMEOUT_MS",
  "BANK",
  "CODE_SMS_FROM",
];

/** What the operator sets for the database alone, in Vault, or for a task: no function is told. */
const FOR_OTHERS = ["ALERT_URL", "SUPABASE_SECRET_KEYS", "SUPABASE_SERVICE_ROLE_KEY"];

/** The settings in the process' environment and in the file; the environment goes first. */
export async function readOperatorSettings(file: string | URL): Promise<Environment> {
  const inFile = parseEnv(await Deno.readTextFile(file).catch(() => ""));
  const names = [...FUNCTION_SETTINGS, ...FOR_OTHERS];
  const found = names.map((name) => [name, Deno.env.get(name) || inFile[name]]);
  return Object.fromEntries(found.filter(([, value]) => value));
}

/** Where the parts of the stack are found. */
export interface StackUrls {
  gateway: string;
  twilio: string;
  openai: string;
}

/** The environment of the functions; what the operator set wins over what is local. */
export function functionEnvironment(urls: StackUrls, given: Environment): Environment {
  return {
    SUPABASE_URL: urls.gateway,
    PUBLIC_FUNCTIONS_URL: `${urls.gateway}/functions/v1`,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET_KEY }),
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: PUBLISHABLE_KEY }),
    TWILIO_ACCOUNT_SID,
    TWILIO_AUTH_TOKEN,
    TWILIO_API_URL: urls.twilio,
    ORCHESTRATOR_KEY,
    OPERATIONS_KEY,
    SYNC_KEY,
    MEDIA_KEY,
    ...(usesRealModel(given) ? {} : { OPENAI_API_KEY: "local", OPENAI_BASE_URL: urls.openai }),
    ...Object.fromEntries(Object.entries(given).filter(([name]) => !FOR_OTHERS.includes(name))),
  };
}

/** With a key of the operator's own and no other server named, the agent asks OpenAI itself. */
export function usesRealModel(given: Environment): boolean {
  return Boolean(given["OPENAI_API_KEY"]) && !given["OPENAI_BASE_URL"];
}

/** The flag for what a function may reach: nobody knows where the real Twilio's redirects lead. */
export function networkPermission(name: string, environment: Environment): string {
  const isAtTwilio = new URL(environment["TWILIO_API_URL"] ?? "").protocol === "https:";
  if (name === "media" && isAtTwilio) return "--allow-net";
  return `--allow-net=${allowedHosts(name, environment)}`;
}

/** The hosts that a function must reach, as `--allow-net` takes them: no other process has them. */
export function allowedHosts(name: string, environment: Environment): string[] {
  const { SUPABASE_URL, TWILIO_API_URL = "", OPENAI_BASE_URL, HTTP_AGENT_URL } = environment;
  const messaging = environment["TWILIO_MESSAGING_API_URL"] ?? messagingApiUrlFor(TWILIO_API_URL);
  const model = OPENAI_BASE_URL ?? "https://api.openai.com/v1";
  const others: Record<string, (string | undefined)[]> = {
    "twilio-webhook": [],
    orchestrator: [TWILIO_API_URL, model, ...(HTTP_AGENT_URL ? [HTTP_AGENT_URL] : [])],
    "twilio-sync": [TWILIO_API_URL],
    media: [TWILIO_API_URL],
    operations: [messaging],
  };
  const urls = [SUPABASE_URL, ...others[name] ?? []];
  return [...new Set(urls.map((url) => hostAndPort(new URL(url ?? ""))))];
}

function hostAndPort({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
}
