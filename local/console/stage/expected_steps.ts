/** The steps that every message is expected to go, and what the audit calls them. */
import { spoken } from "../words.ts";

export interface Step {
  /** Steady, so that the page knows it again. */
  key: string;
  title: string;
  detail?: string;
  /** Absent: it has not happened. */
  at?: Date;
  source: "Twilio" | "webhook" | "database" | "model";
  isFailure?: boolean;
  /** JSON of the rows behind it, by their table. */
  rows: { name: string; row: string }[];
}

/** The steps of every message, in the order in which they are expected. */
export const EXPECTED: { key: string; title: string; source: Step["source"] }[] = [
  { key: "received", title: "Received by Twilio", source: "Twilio" },
  { key: "signature", title: "Signature checked", source: "webhook" },
  { key: "stored", title: "Stored", source: "database" },
  { key: "turn", title: "Turn opened", source: "database" },
  { key: "dispatched", title: "Dispatched", source: "database" },
  { key: "answer-0", title: "Webhook answered", source: "webhook" },
  { key: "claimed", title: "Claimed", source: "database" },
  { key: "model", title: "Model asked", source: "model" },
  { key: "reply", title: "Reply stored", source: "database" },
  { key: "sent", title: "Sent to Twilio", source: "Twilio" },
  { key: "delivered", title: "Delivered", source: "Twilio" },
  { key: "read", title: "Read", source: "Twilio" },
];

/** Events that are one of the expected steps the first time; again they are shown as they are. */
export const STEP_OF_EVENT: Record<string, string> = {
  inbound_webhook_received: "signature",
  message_persisted: "stored",
  orchestrator_triggered: "dispatched",
  turn_claimed: "claimed",
  turn_answered: "reply",
  reply_sent: "sent",
};

export function isExpected(key: string): boolean {
  return EXPECTED.some((step) => step.key === key);
}

/** Title and source of an expected step. */
export function expected(key: string): Omit<Step, "rows"> {
  return EXPECTED.find((step) => step.key === key) ??
    { key, title: spoken(key), source: "database" };
}
