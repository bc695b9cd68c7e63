/**
 * The pictures of a turn as data URLs: Twilio's own URLs need our token, and a signed URL would be
 * one more way to a customer's file. Bounded, since all of it passes through memory.
 */
import type { AgentMessage } from "./agent.ts";

/** The bytes of a stored file, or null when they cannot be had. */
export type ReadMedia = (storagePath: string) => Promise<Uint8Array | null>;

/** What the API takes: https://platform.openai.com/docs/guides/images-vision */
const IMAGE_TYPES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const MAXIMUM_IMAGES = 3;
/** Each; in base64 it is a third more. Bytes. */
const MAXIMUM_BYTES = 3 * 1024 * 1024;
/** `String.fromCharCode` takes so many arguments on every engine. */
const CHUNK_BYTES = 0x8000;

/** Data URLs by storage path, of the latest pictures that are stored by now and small enough. */
export async function readImages(
  messages: AgentMessage[],
  readMedia: ReadMedia | undefined,
): Promise<Map<string, string>> {
  if (!readMedia) return new Map();
  const wanted = messages.flatMap(({ storedMedia }) => storedMedia)
    .filter(({ contentType, byteSize }) =>
      IMAGE_TYPES.has(contentType) && byteSize <= MAXIMUM_BYTES
    )
    .slice(-MAXIMUM_IMAGES);
  const read = await Promise.all(wanted.map(async ({ storagePath, contentType }) => {
    const bytes = await readMedia(storagePath).catch(() => null);
    return bytes && [storagePath, `data:${contentType};base64,${toBase64(bytes)}`] as const;
  }));
  return new Map(read.filter((entry) => entry !== null));
}

function toBase64(bytes: Uint8Array): string {
  const chunks = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    chunks.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES)));
  }
  return btoa(chunks.join(""));
}
