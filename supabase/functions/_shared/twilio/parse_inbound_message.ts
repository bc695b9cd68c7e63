/**
 * Twilio's inbound webhook as a message of ours. Twilio promises new parameters without notice, so
 * all are kept; only what a message cannot do without is demanded.
 * https://www.twilio.com/docs/messaging/guides/webhook-request
 */
import * as z from "zod";
import { toStorable, toStorableJson } from "../storable_text.ts";
import { firstValue, type FormParameters } from "./form.ts";
import type { InboundMessage } from "./inbound_message.ts";
import { flagsOf, kindOf, mediaOf } from "./message_kind.ts";
import { otherAddressesOf } from "./other_addresses.ts";

/** What stands in `body_text` when a message brings no text. */
export const NO_TEXT = "[Media message - no text]";

const address = z.string("missing").trim().min(1, "missing").max(300, "too_long");

/** The parameters without which there is no message; each word of a problem ends up in `reason`. */
const Required = z.object({
  MessageSid: z.string("missing").regex(/^(SM|MM)[0-9a-fA-F]{32}$/, "invalid"),
  AccountSid: z.string("missing"),
  From: address,
  To: address,
});

export type ParsedInbound =
  | { ok: true; message: InboundMessage }
  | { ok: false; reason: string };

/**
 * The message in these parameters, its texts in storable form; or why there is none, as a word such
 * as `message_sid_missing`. `accountSid` is the account whose messages we take.
 */
export function parseInboundMessage(parameters: FormParameters, accountSid: string): ParsedInbound {
  const first = (name: string) => firstValue(parameters, name);
  const names = Object.keys(Required.shape);
  const required = Required.safeParse(Object.fromEntries(names.map((name) => [name, first(name)])));
  if (!required.success) return { ok: false, reason: reasonOf(required.error) };
  const { MessageSid, AccountSid, From, To } = required.data;
  if (AccountSid !== accountSid) return { ok: false, reason: "account_sid_unknown" };
  const channel = channelOf(From);
  if (!channel) return { ok: false, reason: "channel_unsupported" };

  return {
    ok: true,
    message: {
      providerMessageId: MessageSid,
      channel,
      fromAddress: toStorable(From),
      toAddress: toStorable(To),
      otherAddresses: otherAddressesOf(parameters, From),
      bodyText: toStorable(first("Body") || NO_TEXT),
      bodyJson: toStorableJson({
        kind: kindOf(parameters),
        ...flagsOf(parameters),
        media: mediaOf(parameters),
        parameters: { ...parameters },
      }),
      customerName: toStorable(first("ProfileName") ?? "") || null,
    },
  };
}

/** Twilio puts the channel before an address (`messenger:…`); SMS alone has none. */
export function channelOf(address: string): InboundMessage["channel"] | undefined {
  if (address.startsWith("whatsapp:")) return "whatsapp";
  return address.includes(":") ? undefined : "sms";
}

function reasonOf(error: z.ZodError): string {
  const [issue] = error.issues;
  const name = String(issue?.path[0]).replace(/(?<!^)([A-Z])/g, "_$1").toLowerCase();
  return `${name}_${issue?.message}`;
}
