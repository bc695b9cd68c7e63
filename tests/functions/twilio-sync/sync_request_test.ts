/** How far back a reading by hand may look. */
import assert from "node:assert/strict";
import {
  parseSince,
  parseSyncRequest,
} from "../../../supabase/functions/twilio-sync/sync_request.ts";

const NOW = new Date("2026-01-31T12:00:00Z");

const read: [text: string, time: string][] = [
  ["90m", "2026-01-31T10:30:00.000Z"],
  ["48h", "2026-01-29T12:00:00.000Z"],
  ["7d", "2026-01-24T12:00:00.000Z"],
  ["400d", "2024-12-27T12:00:00.000Z"],
  ["2026-01-31T11:00:00Z", "2026-01-31T11:00:00.000Z"],
  ["2026-01-31T11:00:00.500+02:00", "2026-01-31T09:00:00.500Z"],
];
for (const [text, time] of read) {
  Deno.test(`parseSince() reads ${text}`, () => {
    assert.equal(parseSince(text, NOW).toISOString(), time);
  });
}

for (
  const text of [
    "",
    "0m",
    "48",
    "h",
    "-1h",
    "401d",
    "9600h1m",
    "1y",
    "2026-01-31",
    "2026-02-01T00:00:00Z",
    "2020-01-01T00:00:00Z",
    "now",
  ]
) {
  Deno.test(`parseSince() refuses "${text}"`, () => {
    assert.throws(() => parseSince(text, NOW), { code: "since_invalid", status: 400 });
  });
}

Deno.test("parseSyncRequest() takes an empty body as a ring", () => {
  assert.deepEqual(parseSyncRequest("", NOW), { since: undefined, isForSends: false });
});
