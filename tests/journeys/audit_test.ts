/** The record of real traffic: whatever happened, every chain verifies and keeps its anchor. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { startTestStack } from "../support/test_stack.ts";

interface Verified {
  outcome: string;
  row_count: number;
  problems: unknown[];
}

const customer = (number: number) => `whatsapp:+551190000010${number}`;

Deno.test("messages, races, repeats, failures and refusals leave a record that verifies", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0, backoff_base_ms = 100, backoff_max_ms = 500, redispatch_seconds = 1`;
  await stack.twilio.inbound({ from: customer(0), body: "Hello" });
  const [anchor] = await sql`select public.list_audit_heads() as heads`;

  stack.openai.setFault("status:500", 2);
  const MessageSid = "SM0123456789abcdef0123456789abcdef";
  await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      stack.twilio.inbound({
        from: index < 4 ? customer(1) : customer(index % 5),
        body: `Message ${index}`,
        ...(index < 4 && { MessageSid }),
      })),
  );
  await stack.twilio.inbound({ from: customer(0), body: "STOP" });
  await stack.twilio.inbound({ from: "whatsapp:+150055521211", body: "A number that is refused" });
  await allEnds();

  // Callbacks of Twilio may still come, and be recorded between the look at the chains and the count.
  let row: Record<string, unknown> = {};
  await eventually("a look at all rows, and none more", async () => {
    [row = {}] = await sql`
      select public.verify_audit_chain() as verified,
        public.check_audit_anchor(${sql.json(anchor?.["heads"])}) as compared,
        (select count(*)::int from cc_audit_logs) as rows,
        (select count(*)::int from cc_audit_logs where not success) as failures`;
    const { outcome, problems } = row["verified"] as Verified;
    assert.deepEqual([outcome, problems, row["compared"]], ["intact", [], []]);
    return (row["verified"] as Verified).row_count === row["rows"];
  });
  assert.ok(Number(row["failures"]) > 0, "some of it failed");

  async function allEnds() {
    await eventually("every turn to end and every reply to be settled", async () => {
      await sql`select cc_private.sweep()`;
      const [open] = await sql`
        select from cc_turns where state in ('pending', 'running', 'retrying')
        union all
        select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`;
      return open === undefined;
    }, 60_000);
  }
});
