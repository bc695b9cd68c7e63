/**
 * `deno task webhook:check`: asks Twilio which URL it calls, and says what is wrong with it. Exit
 * code 1 when something is wrong, 2 when Twilio could not be asked.
 */
import { parseArgs } from "node:util";
import { checkSettings } from "./webhook_check/check_settings.ts";
import { checkWebhook } from "../supabase/functions/_shared/twilio/webhook_check/check_webhook.ts";
import { describeFindings } from "./webhook_check/describe_findings.ts";
import { readWebhooks } from "../supabase/functions/_shared/twilio/webhook_check/read_webhooks.ts";
import { argumentsGiven, runTask, say } from "./run_task.ts";
import { movedBasePort, readGiven } from "./task_environment.ts";

async function main(): Promise<number> {
  const { url, sender, service, json } = readOptions();
  const basePort = movedBasePort();
  const { account, expected } = checkSettings(await readGiven(), { projectUrl: url, basePort });
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

function readOptions() {
  const { values } = parseArgs({
    args: argumentsGiven(),
    options: {
      url: { type: "string" },
      sender: { type: "string" },
      service: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  return values;
}

await runTask(main);
