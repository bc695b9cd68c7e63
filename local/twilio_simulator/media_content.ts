/** Something to fetch for a media message whose content nobody gave. */
import { Buffer } from "node:buffer";

const PNG_OF_ONE_PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** A real picture for images, else a line of text. */
export function placeholder(contentType: string): Uint8Array<ArrayBuffer> {
  return contentType.startsWith("image/")
    ? fromBase64(PNG_OF_ONE_PIXEL)
    : new TextEncoder().encode(`simulated ${contentType}\n`);
}

/** The bytes of base64 text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, "base64"));
}
