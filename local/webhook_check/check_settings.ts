/** Whom the webhook check asks and what it expects: from its arguments and the settings. */
import { readSettings } from "../../supabase/functions/_shared/settings.ts";
import {
  type WebhookCheck,
  WebhookCheckSettings,
} from "../../supabase/functions/_shared/twilio/webhook_check/settings.ts";
import { portsFrom } from "../credentials.ts";
import { type Environment, functionEnvironment } from "../function_environment.ts";

/**
 * With `projectUrl` (https://….supabase.co) that project at Twilio itself, by the credentials given;
 * else the local stack at `basePort`, whose credentials, URL and simulator what is given replaces.
 * Throws an Error that names what is missing or wrong.
 */
export function checkSettings(
  given: Environment,
  { projectUrl, basePort }: { projectUrl?: string | undefined; basePort?: number | undefined },
): WebhookCheck {
  const environment = projectUrl
    ? { ...given, SUPABASE_URL: projectUrl, PUBLIC_FUNCTIONS_URL: "" }
    : localEnvironment(given, basePort);
  return readSettings(WebhookCheckSettings, environment);
}

function localEnvironment(given: Environment, basePort: number | undefined): Environment {
  const { gateway, twilio, openai } = portsFrom(basePort);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return functionEnvironment(
    { gateway: at(gateway), twilio: at(twilio), openai: at(openai) },
    given,
  );
}
