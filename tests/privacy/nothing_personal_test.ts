/**
 * Whatever people write, and wherever it stands in what Twilio and the model say: it is kept in the
 * tables that are for it, and is found nowhere else, however well or badly things go.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { OPERATIONS_KEY } from "../../local/credentials.ts";
import { goThroughEverything } from "./every_path.ts";
import { findIn, personal, phoneNumber } from "./personal_data.ts";
import { Pieces } from "./pieces.ts";
import { PrivacyStack } from "./privacy_stack.ts";

const RUNS = Number(Deno.env.get("SWITCHBOARD_PRIVACY_RUNS") ?? 3);

/** The tables that are for personal data. Every other one, in any schema, must have none. */
const FOR_PERSONAL_DATA = [
  "public.cc_customers",
  "public.cc_customer_addresses",
  "public.cc_conversations",
  "public.cc_messages",
  "public.cc_media",
  "public.cc_tool_calls",
  "public.cc_rejected_webhooks",
  "demo_bank.customers",
  "demo_bank.cases",
];

/** More than all fields of one run need. */
const people = fc.record({
  numbers: fc.array(phoneNumber, { minLength: 13, maxLength: 13 }),
  pieces: fc.array(personal, { minLength: 60, maxLength: 60 }),
});

Deno.test("personal data is found in no table but its own, no log, no metric and no alert", async () => {
  await using test = await PrivacyStack.start();
  await fc.assert(
    fc.asyncProperty(people, async ({ numbers, pieces }) => {
      const all = [...numbers, ...pieces];
      test.pieces = new Pieces(pieces);
      await goThroughEverything(test, numbers);
      for (const [place, text] of await placesOf(test)) {
        const found = findIn(text, all);
        assert.deepEqual(found, [], `${place} holds ${found}, as in: ${around(text, found)}`);
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});

/** Everything that somebody may read who has no business with customers' data. */
async function placesOf(test: PrivacyStack): Promise<[place: string, text: string][]> {
  const tables = await test.tables();
  const missing = FOR_PERSONAL_DATA.filter((name) => !tables.includes(name));
  assert.deepEqual(missing, [], "a table for personal data is gone");
  const others = tables.filter((name) => !FOR_PERSONAL_DATA.includes(name));
  const needed = ["public.cc_audit_logs", "net._http_response", "net.http_request_queue"];
  assert.deepEqual(needed.filter((name) => !others.includes(name)), []);
  const contents = others.map(async (name): Promise<[string, string]> => [
    name,
    await test.contentOf(name),
  ]);
  return [
    ...await Promise.all(contents),
    ["the log", test.lines.join("\n")],
    ["the alerts", JSON.stringify(test.alerts)],
    ["health", await test.ask("operations/health", OPERATIONS_KEY)],
    ["metrics", await test.ask("operations/metrics", OPERATIONS_KEY)],
  ];
}

/** The lines in which it stands, for whoever mends it. */
function around(text: string, found: string[]): string {
  return text.split("\n").filter((line) => findIn(line, found).length > 0).slice(0, 3).join("\n")
    .slice(0, 2000);
}
