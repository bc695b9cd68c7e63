/** What asking Twilio for its configured webhooks needs to know. */
import * as z from "zod";
import { httpUrl, TwilioSettings } from "../../settings.ts";
import type { Expected } from "./check_webhook.ts";
import type { Account } from "./read_webhooks.ts";

const TWILIO = "https://api.twilio.com";
const MESSAGING_AT_TWILIO = "https://messaging.twilio.com";

/** Whom to ask, and what ought to be configured there. */
export interface WebhookCheck {
  account: Account;
  expected: Expected;
}

/** The API of senders and services stands beside the one of messages: at Twilio, or in a simulator. */
export const WebhookCheckSettings = z.intersection(
  TwilioSettings,
  z.object({ TWILIO_MESSAGING_API_URL: httpUrl.optional() }),
).transform(({ TWILIO_MESSAGING_API_URL, ...settings }): WebhookCheck => ({
  account: {
    accountSid: settings.twilioAccountSid,
    authToken: settings.twilioAuthToken,
    messagingApiUrl: TWILIO_MESSAGING_API_URL ?? messagingApiUrlFor(settings.twilioApiUrl),
  },
  expected: { url: `${settings.publicFunctionsUrl}/twilio-webhook` },
}));

/** Where the API of senders and services is, when that of messages is at `twilioApiUrl`. */
export function messagingApiUrlFor(twilioApiUrl: string): string {
  return twilioApiUrl === TWILIO ? MESSAGING_AT_TWILIO : twilioApiUrl;
}
