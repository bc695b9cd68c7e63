/** Whom the webhook check asks and what it expects: from its arguments and the settings. */
import {
  httpUrl,
  readSettings,
  TwilioSettings,
} from "../../supabase/functions/_shared/settings.ts";
import type { Environment } from "../function_environment.ts";
import { taskEnvironment } from "../task_environment.ts";
import { z } from "zod";
import type { Expected } from "./check_webhook.ts";
import type { Account } from "./read_webhooks.ts";

const TWILIO = "https://api.twilio.com";
const MESSAGING_AT_TWILIO = "https://messaging.twilio.com";

const MessagingSettings = z.object({ TWILIO_MESSAGING_API_URL: httpUrl.optional() });

export interface CheckSettings {
  account: Account;
  expected: Expected;
}

/**
 * With `projectUrl` (https://….supabase.co) that project at Twilio itself, by the credentials given;
 * else the local stack at `basePort`, whose credentials, URL and simulator what is given replaces.
 * Throws an Error that names what is missing or wrong.
 */
export function checkSettings(
  given: Environment,
  asked: { projectUrl?: string | undefined; basePort?: number | undefined },
): CheckSettings {
  const settings = readSettings(TwilioSettings, taskEnvironment(given, asked));
  const { TWILIO_MESSAGING_API_URL } = readSettings(MessagingSettings, given);
  const { twilioApiUrl } = settings;
  return {
    account: {
      accountSid: settings.twilioAccountSid,
      authToken: settings.twilioAuthToken,
      messagingApiUrl: TWILIO_MESSAGING_API_URL ??
        (twilioApiUrl === TWILIO ? MESSAGING_AT_TWILIO : twilioApiUrl),
    },
    expected: { url: `${settings.publicFunctionsUrl}/twilio-webhook` },
  };
}
