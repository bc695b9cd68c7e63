/** Each event is one line of JSON with its time. */
import assert from "node:assert/strict";
import {
  DatabaseError,
  errorCode,
  RequestError,
} from "../../../supabase/functions/_shared/errors.ts";
import { createReport } from "../../../supabase/functions/_shared/events.ts";

Deno.test("createReport() prints one line of JSON with the time and the event", () => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line), () => new Date(Date.UTC(2026, 0, 2)));
  report({ event: "request.refused", code: "two\nlines" });
  report({ event: "request.refused", code: "key_invalid" });
  assert.deepEqual(lines, [
    `{"at":"2026-01-02T00:00:00.000Z","event":"request.refused","code":"two\\nlines"}`,
    `{"at":"2026-01-02T00:00:00.000Z","event":"request.refused","code":"key_invalid"}`,
  ]);
});

Deno.test("createReport() uses the clock when it is given none", () => {
  const lines: string[] = [];
  const before = Date.now();
  createReport((line) => lines.push(line))({ event: "sync.failed", code: "x" });
  const at = Date.parse(JSON.parse(lines[0] ?? "").at);
  assert.ok(at >= before && at <= Date.now());
});

Deno.test("errorCode() gives the code of ours and the name of others, never a message", () => {
  assert.equal(errorCode(new RequestError("key_invalid", 403)), "key_invalid");
  assert.equal(errorCode(new DatabaseError("claim_turn", "57014", 500)), "57014");
  assert.equal(errorCode(new TypeError("says +5511987654321")), "TypeError");
  assert.equal(errorCode("says +5511987654321"), "unknown");
  assert.equal(errorCode(undefined), "unknown");
});

Deno.test("DatabaseError names the operation and the code alone", () => {
  const { message } = new DatabaseError("claim_turn", "57014", 500);
  assert.equal(message, "Cannot claim turn: the database answered 57014");
});
