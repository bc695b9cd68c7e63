/** What a message is besides its text, in words and as one sign. */
import { firstOf } from "../../twilio_simulator/inbound_parameters.ts";
import type { IconName } from "../icon.tsx";
import type { Message } from "../../twilio_simulator/message.ts";

/** A file by its type. */
export function kindOf(contentType: string): { name: string; icon: IconName } {
  if (contentType === "text/vcard") return { name: "Contact card", icon: "contact" };
  if (contentType.startsWith("image/")) return { name: "Picture", icon: "image" };
  if (contentType.startsWith("audio/")) return { name: "Voice note", icon: "voice" };
  if (contentType.startsWith("video/")) return { name: "Video", icon: "document" };
  return { name: "Document", icon: "document" };
}

/** The text of a bubble; a place and a pressed button have words of their own. */
export function summaryOf({ body, parameters }: Message): string {
  const parameter = (name: string) =>
    firstOf(parameters?.get(name) as string | string[] | undefined);
  const latitude = parameter("Latitude");
  if (latitude === undefined) return parameter("ButtonText") ?? body;
  const place = [parameter("Label"), parameter("Address")].filter(Boolean).join(", ");
  return `${place} (${latitude}, ${parameter("Longitude")})`;
}
