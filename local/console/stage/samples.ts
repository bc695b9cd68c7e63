/** What a customer attaches at the press of a button: small, and real enough to be fetched and stored. */
import { encodeBase64 } from "./base64.ts";

const PICTURE = new URL("../assets/sample.png", import.meta.url);

type Parameters = Record<string, unknown>;

const bytes = (text: string) => encodeBase64(new TextEncoder().encode(text));

const CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Maria Keller\r\nTEL:+4915100000000\r\nEND:VCARD\r\n";
const PDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0" +
  "/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/** The parameters of each, by the word of its button. */
export const SAMPLES: Record<string, () => Parameters> = {
  image: () => ({
    media: [{ contentType: "image/png", base64: encodeBase64(Deno.readFileSync(PICTURE)) }],
  }),
  voice: () => ({
    media: [{ contentType: "audio/ogg", base64: bytes("OggS simulated voice note") }],
  }),
  document: () => ({
    body: "statement.pdf",
    media: [{ contentType: "application/pdf", base64: bytes(PDF) }],
  }),
  contact: () => ({ media: [{ contentType: "text/vcard", base64: bytes(CARD) }] }),
  location: () => ({
    Latitude: "52.516275",
    Longitude: "13.377704",
    Label: "Pariser Platz",
    Address: "10117 Berlin",
  }),
};

/** What the chips below the chat say. */
export const QUICK_REPLIES = ["Yes, please", "No, thank you", "Talk to a person"];

/** A tap on a quick reply, as Twilio reports it. */
export function tapped(text: string): Parameters {
  return { body: text, ButtonText: text, ButtonPayload: text.toLowerCase().replace(/\W+/g, "_") };
}
