/**
 * What sort of message a webhook brings. Twilio's own `MessageType` is undocumented, so the kind
 * is read from the parameters that each sort has.
 */
import { firstValue, type FormParameters } from "./form.ts";

export type MessageKind =
  | "text"
  | "image"
  | "audio"
  | "video"
  | "document"
  | "location"
  | "contact"
  | "button"
  | "list"
  | "flow"
  | "referral";

export interface Media {
  url: string;
  content_type: string;
}

/** The normalised kind; whatever nobody knows yet counts as text. */
export function kindOf(parameters: FormParameters): MessageKind {
  const has = (name: string) => Boolean(firstValue(parameters, name));
  if (has("FlowData") || has("InteractiveData")) return "flow";
  if (has("ListId")) return "list";
  if (has("ButtonPayload") || has("ButtonText")) return "button";
  if (has("Latitude") && has("Longitude")) return "location";
  const [media] = mediaOf(parameters);
  if (media) return kindOfMedia(media.content_type);
  if (isReferral(parameters)) return "referral";
  return "text";
}

/** What is true of a message whatever its kind; a flag that is not true is left out. */
export interface MessageFlags {
  forwarded?: true;
  /** WhatsApp's own word for what went through many hands. */
  frequently_forwarded?: true;
  /** It came from an ad, also where its kind says what else it is. */
  referral?: true;
}

/** The flags of a message. */
export function flagsOf(parameters: FormParameters): MessageFlags {
  const isTrue = (name: string) => firstValue(parameters, name)?.toLowerCase() === "true";
  const isFrequent = isTrue("FrequentlyForwarded");
  return {
    ...(isFrequent || isTrue("Forwarded") ? { forwarded: true } : {}),
    ...(isFrequent ? { frequently_forwarded: true } : {}),
    ...(isReferral(parameters) ? { referral: true } : {}),
  };
}

/** All media of the message, in Twilio's order (`MediaUrl0`, `MediaUrl1`, …). */
export function mediaOf(parameters: FormParameters): Media[] {
  return Object.keys(parameters)
    .flatMap((name) => name.match(/^MediaUrl(\d{1,3})$/)?.[1] ?? [])
    .sort((a, b) => Number(a) - Number(b))
    .map((index) => ({
      url: firstValue(parameters, `MediaUrl${index}`) ?? "",
      content_type: firstValue(parameters, `MediaContentType${index}`) ?? "",
    }));
}

function isReferral(parameters: FormParameters): boolean {
  return ["ReferralSourceId", "ReferralSourceUrl"].some((name) => firstValue(parameters, name));
}

/** The kind of a message with this file. */
export function kindOfMedia(contentType: string): MessageKind {
  if (/^text\/(x-)?vcard/i.test(contentType)) return "contact";
  const [type] = contentType.toLowerCase().split("/");
  return type === "image" || type === "audio" || type === "video" ? type : "document";
}
