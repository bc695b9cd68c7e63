/**
 * Twilio's status callback: what became of a message of ours. Words that nobody knows yet are kept as
 * they come; the database ranks them lowest.
 * https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
 */
import * as z from "zod";
import type { DeliveryReport } from "../intake_database.ts";
import { firstValue, type FormParameters } from "./form.ts";

const Required = z.object({
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/),
  MessageStatus: z.string().regex(/^[a-z][a-z_-]{0,39}$/),
});

/** Twilio's words for what becomes of a message. */
const KNOWN_STATUSES = [
  ...["accepted", "scheduled", "queued", "sending", "sent", "partially_delivered"],
  ...["failed", "undelivered", "canceled", "delivered", "read", "receiving", "received"],
];

/** The status as logs may show it: a word that nobody knows may be anybody's name. */
export function loggedStatus(deliveryStatus: string): string {
  return KNOWN_STATUSES.includes(deliveryStatus) ? deliveryStatus : "unknown";
}

/** The report in these parameters, or undefined where SID or status is missing or malformed. */
export function parseDeliveryReport(
  parameters: FormParameters,
  messageId: string | undefined,
): DeliveryReport | undefined {
  const first = (name: string) => firstValue(parameters, name);
  const required = Required.safeParse({
    MessageSid: first("MessageSid"),
    MessageStatus: first("MessageStatus") ?? first("SmsStatus"),
  });
  if (!required.success) return undefined;
  return {
    providerMessageId: required.data.MessageSid,
    deliveryStatus: required.data.MessageStatus,
    messageId: z.uuid().safeParse(messageId).data ?? null,
    errorCode: /^\d{1,6}$/.exec(first("ErrorCode") ?? "")?.[0] ?? null,
    errorMessage: first("ErrorMessage") ?? first("ChannelStatusMessage") ?? null,
  };
}
