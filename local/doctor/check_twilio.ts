/** Twilio's side: our credentials, what it calls, and whether we read what it has. */
import { checkWebhook } from "../../supabase/functions/_shared/twilio/webhook_check/check_webhook.ts";
import type { ConfiguredWebhooks } from "../../supabase/functions/_shared/twilio/webhook_check/finding.ts";
import { readWebhooks } from "../../supabase/functions/_shared/twilio/webhook_check/read_webhooks.ts";
import type { WebhookCheck } from "../../supabase/functions/_shared/twilio/webhook_check/settings.ts";
import { type Answer, ask } from "./ask.ts";
import { orWell, type Result, resultsOf } from "./result.ts";

const find = resultsOf("twilio");

export interface TwilioAccess {
  twilioApiUrl: string;
  twilioAccountSid: string;
  twilioAuthToken: string;
}

/** Whether the credentials open the API of messages; the answer tells Twilio's time as well. */
export async function checkCredentials(
  { twilioApiUrl, twilioAccountSid, twilioAuthToken }: TwilioAccess,
): Promise<{ results: Result[]; answer: Answer | undefined }> {
  const path = `/2010-04-01/Accounts/${twilioAccountSid}/Messages.json?PageSize=1`;
  const answer = await ask(twilioApiUrl + path, {
    headers: { authorization: `Basic ${btoa(`${twilioAccountSid}:${twilioAuthToken}`)}` },
  });
  return { results: judge(answer, twilioApiUrl), answer };
}

function judge(answer: Answer | undefined, url: string): Result[] {
  if (!answer) return [find("unasked", `${url} does not answer`)];
  if (answer.status === 200) return [find("ok", "the credentials open Twilio's API")];
  if (answer.status !== 401 && answer.status !== 404) {
    return [find("unasked", `${url} answers ${answer.status}`)];
  }
  const todo = "take Account SID and primary auth token from Twilio's Console, Account, API keys";
  return [find("wrong", "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not open Twilio's API", todo)];
}

/** What Twilio has configured; `businessAddresses` are those that the sync reads, where known. */
export async function checkConfigured(
  { account, expected }: WebhookCheck,
  businessAddresses: readonly string[] | undefined,
): Promise<Result[]> {
  let found: ConfiguredWebhooks;
  try {
    found = await readWebhooks(account, {});
  } catch (error) {
    return [find("unasked", error instanceof Error ? error.message : "Cannot ask Twilio")];
  }
  const findings = checkWebhook(found, expected).map(({ level, source, field, problem, set }) =>
    find(level, `${source}: ${field} ${problem}`, set === null ? undefined : `set it to ${set}`)
  );
  return orWell(
    [...findings, ...unread(found, businessAddresses)],
    "twilio",
    `${found.senders.map(({ name }) => name).join(", ")} call ${expected.url}`,
  );
}

function unread({ senders }: ConfiguredWebhooks, addresses: readonly string[] = []): Result[] {
  // Without any, that was said of the settings.
  if (addresses.length === 0) return [];
  return senders.filter(({ name }) => !addresses.includes(name)).map(({ name }) =>
    find(
      "hint",
      `${name} is not in business_addresses: what no webhook brings there is never found`,
      `update cc_settings set business_addresses = business_addresses || array['${name}'] where id;`,
    )
  );
}
