/** The main job: one signed message becomes a row, an audit trail and a reply. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { startTestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511912345678";

Deno.test("a text is stored, recorded and answered", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;

  const { messageSid, response } = await stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "Where is my card?", ProfileName: "Ana" },
  });

  assert.equal(response?.status, 200);
  assert.match(response.headers["content-type"] ?? "", /^text\/xml/);
  assert.match(response.body, /<Response\/>$/);

  const [reply] = await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  assert.match(reply?.body ?? "", /Where is my card\?/);
  assert.equal(reply?.from, "whatsapp:+14155238886");

  await eventually("the reply's hand-over", async () => {
    const [sent] = await sql`select from cc_messages where send_state = 'handed_over'`;
    return sent !== undefined;
  });
  const messages = await sql`
    select seq::int, direction, provider_message_id, body_text from cc_messages order by seq`;
  assert.deepEqual([...messages], [
    {
      seq: 1,
      direction: "inbound",
      provider_message_id: messageSid,
      body_text: "Where is my card?",
    },
    { seq: 2, direction: "outbound", provider_message_id: reply?.sid, body_text: reply?.body },
  ]);
  assert.deepEqual(
    // Twilio's callbacks come when they like; settings belong to no conversation.
    (await sql`
      select event_type, success from cc_audit_logs
      where event_type <> 'delivery_status_changed' and conversation_id is not null
      order by id`).map(Object.values),
    [
      ["inbound_webhook_received", true],
      ["message_persisted", true],
      ["orchestrator_triggered", true],
      ["turn_claimed", true],
      ["turn_answered", true],
      ["reply_sent", true],
    ],
  );
  const [turn] = await sql`select state, attempt, failure_count from cc_turns`;
  assert.deepEqual({ ...turn }, { state: "answered", attempt: 1, failure_count: 0 });
});

Deno.test("a customer who writes again is answered in the same conversation", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;

  for (const [index, body] of ["Hello", "Thank you"].entries()) {
    await stack.twilio.inbound({ from: CUSTOMER, body });
    await stack.twilio.waitForOutbound({ to: CUSTOMER, count: index + 1, timeoutMs: 20_000 });
  }

  const [counts] = await sql`
    select count(distinct conversation_id)::int as conversations, array_agg(seq::int order by seq) as seqs
    from cc_messages`;
  assert.deepEqual({ ...counts }, { conversations: 1, seqs: [1, 2, 3, 4] });
});

Deno.test("what the functions print names nobody and quotes nothing", async () => {
  await using test = await startTestStack();
  const { lines, stack } = test;

  await stack.twilio.inbound({
    from: CUSTOMER,
    body: "My secret is swordfish",
    ProfileName: "Ana Souza",
  });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  await eventually(
    "the report of the reply",
    () => Promise.resolve(lines.some((line) => line.includes('"reply.sent"'))),
  );

  assert.ok(lines.some((line) => line.includes('"message.received"')), lines.join("\n"));
  assert.doesNotMatch(lines.join("\n"), /swordfish|Souza|5511912345678/);
});
