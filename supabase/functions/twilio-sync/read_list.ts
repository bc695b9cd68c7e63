/** One business address in one direction: its part of Twilio's list, slice by slice, oldest first. */
import { readSlice, shorten, type Slice } from "./read_slice.ts";
import { recoverMessages } from "./recover_messages.ts";
import type { Reading } from "./sync_database.ts";
import type { Found, SyncDeps } from "./sync_deps.ts";
import { takeOver } from "./take_over.ts";

export interface ReadOptions {
  syncSince: number;
  found: Found;
  /** No slice begins later, by the deps' clock. */
  startUntil: number;
  /** Told how far all is stored, after each slice. */
  onProgress: (readUntil: number) => void;
}

/**
 * Reads and stores; after each slice the database's cursor moves on. Gives whether the reading came
 * to its end: if not, the next one goes on where this one stopped.
 */
export async function readList(
  deps: SyncDeps,
  reading: Reading,
  { syncSince, found, startUntil, onProgress }: ReadOptions,
): Promise<boolean> {
  const { readFrom, readUntil } = reading;
  let slice: Slice = { from: readFrom, until: readUntil };
  while (deps.now() < startUntil) {
    const read = await readSlice(deps, { reading, syncSince, ...slice });
    if ("tooLong" in read) {
      slice = shorten(slice, read.readBackTo);
      continue;
    }
    const inDoubt = reading.direction === "inbound"
      ? await recoverMessages(deps, read.unknown, found)
      : await takeOver(deps, read.unknown, found);
    // What may yet turn out to be ours is looked at again, and so is what came after it.
    const doubtAt = Math.min(read.firstInDoubt ?? Infinity, inDoubt ?? Infinity);
    const until = Math.max(slice.from, Math.min(slice.until, doubtAt));
    const isLast = until === readUntil;
    await deps.syncDatabase.completeReading(reading, { from: slice.from, until, isLast });
    onProgress(until);
    if (isLast || until < slice.until) return isLast;
    const length = slice.until - slice.from;
    slice = { from: until, until: Math.min(readUntil, until + 2 * length) };
  }
  return false;
}
