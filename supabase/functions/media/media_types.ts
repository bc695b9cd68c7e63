/** Which kinds of files are taken in: what WhatsApp carries, and nothing that a browser would run. */

const DOCUMENTS = [
  "application/pdf",
  "application/msword",
  "application/rtf",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  "application/ogg",
  "text/plain",
  "text/csv",
  "text/rtf",
  "text/calendar",
  "text/vcard",
  "text/x-vcard",
  "text/directory",
];
const OPEN_DOCUMENTS =
  /^application\/vnd\.(openxmlformats-officedocument|oasis\.opendocument)\.[\w.-]+$/;
const PICTURES_AND_SOUNDS = /^(image|audio|video)\/[\w.+-]+$/;

/** The bare type in small letters, without parameters: of `audio/ogg; codecs=opus` the first half. */
export function bareType(contentType: string): string {
  return contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Whether files of this bare type are stored. */
export function isAllowedType(type: string): boolean {
  // A drawing in SVG may hold scripts.
  if (type.startsWith("image/svg")) return false;
  return DOCUMENTS.includes(type) || OPEN_DOCUMENTS.test(type) || PICTURES_AND_SOUNDS.test(type);
}
