/** An entry of Twilio's list as an inbound message of ours: the list tells less than a webhook. */
import { toStorable, toStorableJson } from "../_shared/storable_text.ts";
import { channelOf, NO_TEXT } from "../_shared/twilio/parse_inbound_message.ts";
import { kindOfMedia, type Media } from "../_shared/twilio/message_kind.ts";
import type { TwilioMessage } from "../_shared/twilio/twilio_messages.ts";

export interface RecoveredMessage {
  providerMessageId: string;
  channel: "whatsapp" | "sms";
  fromAddress: string;
  toAddress: string;
  bodyText: string;
  bodyJson: {
    kind: string;
    media: Media[];
    /** The list's resource, whole. */
    parameters: Record<string, unknown>;
    /** Whether the list shows another system's answer to it. */
    answered_elsewhere: boolean;
  };
  /** By Twilio's clock, milliseconds since 1970. */
  createdAt: number;
}

export type ParsedRecovered =
  | { ok: true; message: RecoveredMessage }
  | { ok: false; reason: string };

/** The message, its texts in storable form; or why there is none, as a word. */
export function toRecoveredMessage(
  listed: TwilioMessage,
  { media, isAnswered }: { media: Media[]; isAnswered: boolean },
): ParsedRecovered {
  if (!/^(SM|MM)[0-9a-fA-F]{32}$/.test(listed.sid)) {
    return { ok: false, reason: "message_sid_invalid" };
  }
  if (!listed.from) return { ok: false, reason: "from_missing" };
  const channel = channelOf(listed.from);
  if (!channel) return { ok: false, reason: "channel_unsupported" };
  const [first] = media;
  return {
    ok: true,
    message: {
      providerMessageId: listed.sid,
      channel,
      fromAddress: toStorable(listed.from),
      toAddress: toStorable(listed.to),
      bodyText: toStorable(listed.body || NO_TEXT),
      bodyJson: toStorableJson({
        kind: first ? kindOfMedia(first.content_type) : "text",
        media,
        parameters: listed.resource,
        answered_elsewhere: isAnswered,
      }),
      createdAt: listed.createdAt,
    },
  };
}
