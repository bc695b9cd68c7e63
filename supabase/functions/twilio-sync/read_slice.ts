/** A slice of Twilio's list in which nothing but what we do not know is kept in memory. */
import type { TwilioMessage } from "../_shared/twilio/twilio_messages.ts";
import type { Reading } from "./sync_database.ts";
import type { SyncDeps } from "./sync_deps.ts";

/** A slice with more is read in shorter ones: a worker of the platform does not live for ever. */
const MAXIMUM_PAGES = 10;
/** As many as can be taken in, a few requests each, before a worker's time is over. */
const MAXIMUM_UNKNOWN = 500;
/** No slice is cut shorter than this, however much is in it. Milliseconds. */
const SHORTEST_MS = 60_000;

export interface Slice {
  from: number;
  until: number;
}

export interface SliceOptions extends Slice {
  reading: Reading;
  /** Nothing that Twilio made before counts. */
  syncSince: number;
}

/** What we do not know, oldest first; or that the slice was too long, and how far it was read. */
export type ReadSlice =
  | { unknown: TwilioMessage[]; firstInDoubt: number | undefined }
  | { tooLong: true; readBackTo: number };

/** Reads one slice to its last page. Throws a `TwilioReadError` when a page cannot be had. */
export async function readSlice(deps: SyncDeps, options: SliceOptions): Promise<ReadSlice> {
  const { reading: { businessAddress, direction }, from, until } = options;
  const side = direction === "inbound" ? { to: businessAddress } : { from: businessAddress };
  const mayBeCut = until - from > SHORTEST_MS;
  const unknown: TwilioMessage[] = [];
  let firstInDoubt: number | undefined;
  let [pages, readBackTo] = [0, until];
  for await (const page of deps.twilioMessages.pages({ ...side, since: from, until })) {
    const wanted = page.filter((message) => isWanted(message, options));
    for (const [message, standing] of await compare(deps, wanted)) {
      if (standing === "unknown") unknown.unshift(message);
      if (standing === "in_doubt") {
        firstInDoubt = Math.min(firstInDoubt ?? Infinity, message.sentAt);
      }
    }
    readBackTo = Math.min(readBackTo, ...page.map(({ sentAt }) => sentAt));
    const isTooLong = ++pages >= MAXIMUM_PAGES || unknown.length > MAXIMUM_UNKNOWN;
    if (isTooLong && mayBeCut && readBackTo > from) return { tooLong: true, readBackTo };
  }
  return { unknown: unknown.sort((a, b) => a.createdAt - b.createdAt), firstInDoubt };
}

/** A shorter slice with the same beginning, of which the pages just read would be a good part. */
export function shorten({ from, until }: Slice, readBackTo: number): Slice {
  const length = Math.min((until - readBackTo) * 0.8, (until - from) / 2);
  return { from, until: from + Math.max(SHORTEST_MS, Math.floor(length)) };
}

/** Twilio may list more than was asked for; its times have whole seconds. */
function isWanted(message: TwilioMessage, { reading, from, until, syncSince }: SliceOptions) {
  return message.isInbound === (reading.direction === "inbound") &&
    message.sentAt >= wholeSecond(from) && message.sentAt < until &&
    message.createdAt >= wholeSecond(syncSince);
}

const wholeSecond = (time: number) => time - time % 1000;

async function compare({ syncDatabase }: SyncDeps, messages: TwilioMessage[]) {
  if (messages.length === 0) return [];
  const compared = await syncDatabase.compareMessages(messages);
  const standingOf = new Map(compared.map(({ sid, standing }) => [sid, standing]));
  return messages.map((message) => [message, standingOf.get(message.sid)] as const);
}
