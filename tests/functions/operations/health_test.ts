/** Whether all is well, for a monitor: 200, or 503 with the reasons. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { inboundMessage } from "../../support/factories.ts";
import { OPERATIONS_KEY } from "../../support/fakes.ts";
import { operations } from "./ask.ts";

Deno.test("GET /operations/health answers 200 while all is well", async () => {
  const response = await operations().ask("/health");
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.deepEqual(await response.json(), { status: "ok", reasons: [] });
});

Deno.test("GET /operations/health answers 503 with the reasons when something is wrong", async () => {
  const { ask, database, clock } = operations();
  await database.ingestInboundMessage(inboundMessage(), "signature");
  clock.pass(3600_000);
  const response = await ask("/health");
  assert.equal(response.status, 503);
  const { status, reasons } = await response.json();
  assert.equal(status, "failing");
  assert.deepEqual(reasons.map(({ kind }: { kind: string }) => kind), ["customer_unanswered"]);
});

for (const status of [0, 500, 503, 401]) {
  Deno.test(`GET /operations/health answers 503 when the database answers ${status || "nothing"}`, async () => {
    const { ask, database } = operations();
    database.failure = new DatabaseError("get_health", "57P03", status);
    const response = await ask("/health");
    assert.equal(response.status, 503);
    assert.deepEqual(await response.json(), {
      status: "failing",
      reasons: [{
        kind: "database_unreachable",
        text: "the database does not answer (57P03)",
      }],
    });
  });
}

const refused: [string, Parameters<ReturnType<typeof operations>["ask"]>, number, string][] = [
  ["it has no key", ["/health", { key: null }], 403, "key_invalid"],
  ["its key is empty", ["/metrics", { key: "" }], 403, "key_invalid"],
  ["its key is another", ["/metrics", { key: `${OPERATIONS_KEY}x` }], 403, "key_invalid"],
  ["it is a POST to health", ["/health", { method: "POST" }], 405, "method_not_allowed"],
  ["it is a DELETE of metrics", ["/metrics", { method: "DELETE" }], 405, "method_not_allowed"],
  ["its path is unknown", ["/other"], 404, "not_found"],
  ["it has no path", [""], 404, "not_found"],
];
for (const [reason, request, status, code] of refused) {
  Deno.test(`The operators' function answers ${status} when ${reason}`, async () => {
    const { ask, database, events } = operations();
    const response = await ask(...request);
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
    assert.deepEqual(database.calls, []);
    assert.deepEqual(events, status === 404 ? [] : [{ event: "request.refused", code }]);
  });
}
