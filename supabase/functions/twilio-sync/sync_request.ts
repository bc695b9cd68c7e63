/** What a ring may ask for. */
import * as z from "zod";
import { RequestError } from "../_shared/errors.ts";

/** For so long Twilio keeps messages. */
const MAXIMUM_DAYS = 400;
const MINUTE_MS = 60_000;
const UNITS: Record<string, number> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
};

const Body = z.strictObject({
  since: z.string().optional(),
  only: z.literal("sends").optional(),
});

export interface SyncRequest {
  /** Read from here on instead of from the cursors, and answer with what was found. */
  since: Date | undefined;
  /** Settle sends in doubt, and nothing else. */
  isForSends: boolean;
}

/** The request in this body; an empty one asks for everything. Throws a `RequestError`. */
export function parseSyncRequest(body: string, now: Date): SyncRequest {
  const parsed = Body.safeParse(body.trim() === "" ? {} : parseJson(body));
  if (!parsed.success) throw new RequestError("body_invalid", 400);
  const { since, only } = parsed.data;
  return {
    since: since === undefined ? undefined : parseSince(since, now),
    isForSends: only === "sends",
  };
}

/**
 * The time that `48h`, `90m`, `7d` or a time in ISO 8601 means; throws a `RequestError` when it is
 * none of these, is to come, or lies further back than Twilio keeps messages.
 */
export function parseSince(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const isTime = z.iso.datetime({ offset: true }).safeParse(text).success;
  const time = count
    ? now.getTime() - Number(count) * (UNITS[unit ?? ""] ?? NaN)
    : isTime
    ? Date.parse(text)
    : NaN;
  const ageMs = now.getTime() - time;
  if (!(ageMs > 0 && ageMs <= MAXIMUM_DAYS * (UNITS["d"] ?? 0))) {
    throw new RequestError("since_invalid", 400);
  }
  return new Date(time);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
