/** Whom the webhook check asks and what it expects: from its arguments and the settings. */
import { readSettings } from "../../supabase/functions/_shared/settings.ts";
import {
  type WebhookCheck,
  WebhookCheckSettings,
} from "../../supabase/functions/_shared/twilio/webhook_check/settings.ts";
import type { Environment } from "../function_environment.ts";
import { taskEnvironment } from "../task_environment.ts";

/**
 * With `projectUrl` (https://….supabase.co) that project at Twilio itself, by the credentials given;
 * without it what `deno task start` serves, by default its own simulator. Throws an Error that names
 * each setting that is missing or wrong.
 */
export function checkSettings(
  given: Environment,
  asked: { projectUrl?: string | undefined; basePort?: number | undefined },
): WebhookCheck {
  return readSettings(WebhookCheckSettings, taskEnvironment(given, asked));
}
