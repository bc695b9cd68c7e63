/** What every `Database` does with a probe: it is noted, and it is no message. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../supabase/functions/_shared/errors.ts";
import { messageSid } from "../support/factories.ts";
import type { ConformanceCase } from "./database_under_test.ts";

const PROBE_SID = `SM${"0".repeat(16)}0123456789abcdef`;

export const probeCases: ConformanceCase[] = [
  {
    name: "recordProbe() notes a probe once, whatever it is signed with",
    async run({ database }) {
      assert.deepEqual(await database.recordProbe(PROBE_SID, "a"), { outcome: "recorded" });
      assert.deepEqual(await database.recordProbe(PROBE_SID, "a"), { outcome: "already_recorded" });
      assert.deepEqual(await database.recordProbe(PROBE_SID, "b"), { outcome: "already_recorded" });
    },
  },
  {
    name: "recordProbe() refuses an id that could be Twilio's",
    async run({ database }) {
      await assert.rejects(
        database.recordProbe(messageSid(), "a"),
        (error) => error instanceof DatabaseError && error.code === "23514",
      );
    },
  },
];
