/**
 * `deno task webhook:check`: asks Twilio which URL it calls, and says what is wrong with it. Exit
 * code 1 when something is wrong, 2 when Twilio could not be asked.
 */
import { parseArgs } from "node:util";
import { checkSettings } from "./webhook_check/check_settings.ts";
import { checkWebhook } from "../supabase/functions/_shared/twilio/webhook_check/check_webhook.ts";
import { describeFindings } from "./webhook_check/describe_findings.ts";
import { readWebhooks } from "../supabase/functions/_shared/twilio/webhook_check/read_webhooks.ts";
import { readOperatorSettings } from "./function_environment.ts";

const ENV_FILE = new URL("../supabase/functions/.env", import.meta.url);

async function main(): Promise<number> {
  const { url, sender, service, json } = argumentsGiven();
  const basePort = Number(Deno.env.get("SWITCHBOARD_PORT")) || undefined;
  const given = await readOperatorSettings(ENV_FILE);
  const { account, expected } = checkSettings(given, { projectUrl: url, basePort });
  const found = await readWebhooks(account, { sender, service });
  const findings = checkWebhook(found, expected);
  const isRight = findings.every(({ level }) => level !== "wrong");
  const sources = [...found.senders, ...found.services].map(({ name }) => name);
  say(
    json
      ? JSON.stringify({ ok: isRight, expected, sources, findings }, null, 2)
      : describeFindings(findings, { sources, expected }),
  );
  return isRight ? 0 : 1;
}

function argumentsGiven() {
  const { values } = parseArgs({
    args: Deno.args.filter((argument) => argument !== "--"),
    options: {
      url: { type: "string" },
      sender: { type: "string" },
      service: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return values;
}

function say(text: string) {
  // deno-lint-ignore no-console
  console.log(text);
}

try {
  Deno.exitCode = await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  Deno.exitCode = 2;
}
