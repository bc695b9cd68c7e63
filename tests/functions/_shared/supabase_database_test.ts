/** What becomes of each answer of PostgREST, and of none: the error says whether it may pass by itself. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { createSupabaseDatabase } from "../../../supabase/functions/_shared/supabase_database.ts";
import { stubFetch } from "../../support/stub_fetch.ts";
import { CONVERSATION_ID } from "../../support/factories.ts";

const OPTIONS = { supabaseUrl: "http://127.0.0.1:9", supabaseKey: "a key", timeoutMs: 50 };

const answers: [string, () => Response | Promise<Response>, string, number][] = [
  ["a refusal by our SQL", () => failure(400, "SB003"), "SB003", 400],
  ["a conflict", () => failure(409, "23505"), "23505", 409],
  ["a statement's time-out", () => failure(500, "57014"), "57014", 500],
  ["a database that starts", () => failure(503, "57P03"), "57P03", 503],
  [
    "a gateway without a database",
    () => new Response("Bad gateway", { status: 502 }),
    "unreachable",
    502,
  ],
  ["a gateway without words", () => new Response("", { status: 504 }), "unreachable", 504],
  ["another result", () => Response.json({ outcome: "who knows" }), "unexpected_result", 200],
  [
    "a broken connection",
    () => {
      throw new TypeError("error sending request to 10.0.0.1");
    },
    "unreachable",
    0,
  ],
  ["no answer in time", () => new Promise<Response>(() => {}), "unreachable", 0],
];

const failure = (status: number, code: string) =>
  Response.json({ code, message: "of +5511987654321", details: null, hint: null }, { status });

for (const [what, answer, code, status] of answers) {
  Deno.test(`createSupabaseDatabase() takes ${what} for ${code} (${status})`, async () => {
    using network = stubFetch((request) =>
      Promise.race([Promise.resolve().then(answer), aborted(request.signal)])
    );
    const claiming = createSupabaseDatabase(OPTIONS).claimTurn(CONVERSATION_ID);
    await assert.rejects(claiming, (error) => {
      assert.ok(error instanceof DatabaseError);
      assert.deepEqual([error.operation, error.code, error.status], ["claim_turn", code, status]);
      assert.ok(!error.message.includes("+55") && !error.message.includes("10.0"));
      return true;
    });
    assert.equal(network.requests.length, 1, "who calls decides what is repeated");
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
