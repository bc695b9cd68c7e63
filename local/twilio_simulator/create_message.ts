/** Twilio's checks of a message that shall be sent, in the order of its error codes' causes. */
import { type Media, type Message, newMessage, newSid, type Status } from "./message.ts";
import { placeholder } from "./media_content.ts";
import { MAX_CHARACTERS } from "./text_limit.ts";
import { TwilioError } from "./twilio_error.ts";

const PHONE = /^\+[1-9]\d{6,14}$/;
/** A phone number, or the BSUID of a customer who hides it. */
const WHATSAPP = /^whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128})$/;
const MAX_MEDIA = 10;

export interface Sender {
  accountSid: string;
  /** The addresses that this account may send from; the first stands for a Messaging Service. */
  ownAddresses: ReadonlySet<string>;
  /** The callback of the sender, which a message's own StatusCallback overrides. */
  statusCallback: string | null;
}

/** The message that this form creates, or a TwilioError. */
export function createMessage(form: URLSearchParams, sender: Sender): Message {
  const messagingServiceSid = form.get("MessagingServiceSid");
  const to = checkedTo(form);
  const from = messagingServiceSid ? form.get("From") : checkedFrom(form, to, sender);
  return newMessage({
    accountSid: sender.accountSid,
    direction: "outbound-api",
    from,
    to,
    body: checkedBody(form),
    media: checkedMedia(form),
    messagingServiceSid,
    contentSid: form.get("ContentSid") || null,
    status: firstStatus(form),
    statusCallback: checkedCallback(form) ?? sender.statusCallback,
  });
}

function checkedTo(form: URLSearchParams): string {
  const to = form.get("To");
  if (!to) throw new TwilioError(21604);
  if (!PHONE.test(to) && !WHATSAPP.test(to)) throw new TwilioError(21211, to);
  return to;
}

function checkedFrom(form: URLSearchParams, to: string, { ownAddresses }: Sender): string {
  const from = form.get("From");
  if (!from) throw new TwilioError(21603);
  if (channelOf(from) !== channelOf(to)) throw new TwilioError(21910);
  if (from === to) throw new TwilioError(63031);
  if (!ownAddresses.has(from)) {
    throw new TwilioError(channelOf(from) === "whatsapp" ? 63007 : 21606, from);
  }
  return from;
}

function channelOf(address: string): string {
  return address.includes(":") ? address.slice(0, address.indexOf(":")) : "sms";
}

function checkedBody(form: URLSearchParams): string {
  const body = form.get("Body") ?? "";
  const contentSid = form.get("ContentSid");
  if (!body && !contentSid && !form.get("MediaUrl")) throw new TwilioError(21602);
  // Counted as UTF-16 units, the strictest way to count characters: an emoji is two.
  if (body.length > MAX_CHARACTERS) throw new TwilioError(21617);
  if (contentSid && !/^HX[0-9a-fA-F]{32}$/.test(contentSid)) throw new TwilioError(21655);
  if (!isJson(form.get("ContentVariables") ?? "{}")) throw new TwilioError(21656);
  return body;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function checkedMedia(form: URLSearchParams): Media[] {
  const urls = form.getAll("MediaUrl").filter((url) => url !== "");
  if (urls.length > MAX_MEDIA) throw new TwilioError(21623);
  if (!urls.every(isHttpUrl)) throw new TwilioError(21620);
  // Twilio fetches the media to learn their type; the simulator fetches nothing.
  const contentType = "image/png";
  return urls.map(() => ({ sid: newSid("ME"), contentType, content: placeholder(contentType) }));
}

function checkedCallback(form: URLSearchParams): string | null {
  const url = form.get("StatusCallback");
  if (!url) return null;
  if (!isHttpUrl(url) || new URL(url).hostname.includes("_")) throw new TwilioError(21609, url);
  return url;
}

function isHttpUrl(url: string): boolean {
  return /^https?:\/\//i.test(url) && URL.canParse(url);
}

function firstStatus(form: URLSearchParams): Status {
  if (!form.get("MessagingServiceSid")) return "queued";
  return form.get("ScheduleType") === "fixed" ? "scheduled" : "accepted";
}
