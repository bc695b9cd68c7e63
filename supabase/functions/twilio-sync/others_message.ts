/** What another system sent to a customer of ours, as Twilio's list shows it. */
import { toStorable, toStorableJson } from "../_shared/storable_text.ts";
import { channelOf, NO_TEXT } from "../_shared/twilio/parse_inbound_message.ts";
import type { TwilioMessage } from "../_shared/twilio/twilio_messages.ts";

/** Twilio never sent these, or will not have: they answer nothing. */
const UNSENT = new Set(["failed", "undelivered", "canceled", "scheduled"]);

export interface OthersMessage {
  providerMessageId: string;
  channel: "whatsapp" | "sms";
  fromAddress: string;
  toAddress: string;
  bodyText: string;
  bodyJson: { kind: "taken_over"; parameters: Record<string, unknown> };
  deliveryStatus: string;
  errorCode: string | null;
  /** By Twilio's clock, milliseconds since 1970. */
  createdAt: number;
}

/** The message, its texts in storable form; undefined where we know no such channel. */
export function toOthersMessage(listed: TwilioMessage): OthersMessage | undefined {
  const channel = channelOf(listed.to);
  if (!channel || !listed.to) return undefined;
  return {
    providerMessageId: listed.sid,
    channel,
    fromAddress: toStorable(listed.from),
    toAddress: toStorable(listed.to),
    bodyText: toStorable(listed.body || NO_TEXT),
    bodyJson: toStorableJson({ kind: "taken_over", parameters: listed.resource }),
    deliveryStatus: listed.status,
    errorCode: listed.errorCode,
    createdAt: listed.createdAt,
  };
}

/** Whether the customer was, or will be, told this. */
export function isSent({ status }: TwilioMessage): boolean {
  return !UNSENT.has(status);
}

/** Whether our own webhook said this, in TwiML: the apology, the acknowledgement. */
export function isOwnTwiml({ isTwiml, body }: TwilioMessage, ownTexts: string[]): boolean {
  return isTwiml && ownTexts.some((text) => text.trim() === body.trim());
}
