/** Whether Twilio calls us: what its API says beside what it should say, in an operator's words. */
import * as z from "zod";
import { checkWebhook } from "../_shared/twilio/webhook_check/check_webhook.ts";
import type { Finding } from "../_shared/twilio/webhook_check/finding.ts";
import { readWebhooks } from "../_shared/twilio/webhook_check/read_webhooks.ts";
import type { WebhookCheck } from "../_shared/twilio/webhook_check/settings.ts";

/** An account has a few senders and services; a monitor waits no longer. Milliseconds. */
const TIMEOUT_MS = 20_000;

interface Reason {
  kind: string;
  text: string;
}

/** As the health of the database, and what could be better. */
export interface WebhookHealth {
  status: "ok" | "failing";
  reasons: Reason[];
  hints: Reason[];
}

/** Asks Twilio. Throws an Error that says why it could not be asked. */
export async function findings({ account, expected }: WebhookCheck): Promise<Finding[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return checkWebhook(await readWebhooks({ ...account, signal }, {}), expected);
}

/** The findings as an answer; a Twilio that cannot be asked is a reason like any other. */
export async function webhookHealth(check: () => Promise<Finding[]>): Promise<WebhookHealth> {
  try {
    const found = await check();
    const reasons = found.filter(({ level }) => level === "wrong").map(toReason);
    const hints = found.filter(({ level }) => level === "hint").map(toReason);
    return { status: reasons.length > 0 ? "failing" : "ok", reasons, hints };
  } catch (error) {
    const reason = { kind: "twilio_unreachable", text: textOf(error) };
    return { status: "failing", reasons: [reason], hints: [] };
  }
}

function toReason({ code, source, field, problem, set }: Finding): Reason {
  const advice = set === null ? "" : `. Set it to ${set}`;
  return { kind: code, text: `${source}: ${field} ${problem}${advice}` };
}

function textOf(error: unknown): string {
  if (error instanceof z.ZodError) return "Cannot ask Twilio: its answer has another form";
  return error instanceof Error ? error.message : "Cannot ask Twilio";
}
