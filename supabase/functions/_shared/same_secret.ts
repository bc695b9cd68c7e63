/** Comparing secrets without telling, by the time it takes, how much of a guess was right. */
import { createHash, timingSafeEqual } from "node:crypto";

/** Whether what was given is one of the valid keys; several are valid during a rotation. */
export function isOneOf(given: string | undefined, keys: readonly string[]): boolean {
  if (!given) return false;
  // Hashes have one length, so that not even the length of a key shows.
  return keys.filter((key) => timingSafeEqual(digest(given), digest(key))).length > 0;
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
