/** Deliveries that repeat or race, with real concurrency through every real part. */
import assert from "node:assert/strict";
import { startTestStack } from "../support/test_stack.ts";
import { eventually } from "../support/eventually.ts";

const CUSTOMER = "whatsapp:+5511900000001";

Deno.test("a repeated webhook stores nothing, answers <Response/> and brings no second reply", async () => {
  await using test = await startTestStack({ ACKNOWLEDGEMENT_TEXT: "One moment, please." });
  const { sql, stack } = test;

  const first = await stack.twilio.inbound({ from: CUSTOMER, body: "Hello" });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });
  await allTurnsEnd(sql);
  const again = await stack.twilio.inbound({ from: CUSTOMER, MessageSid: first.messageSid });

  assert.match(first.response?.body ?? "", /<Message>One moment, please\.<\/Message>/);
  assert.equal(again.response?.status, 200);
  assert.match(again.response?.body ?? "", /<Response\/>$/);
  const [counts] = await sql`
    select (select count(*)::int from cc_messages) as messages,
      (select count(*)::int from cc_turns) as turns,
      (select count(*)::int from cc_audit_logs where event_type = 'message_persisted') as persisted`;
  assert.deepEqual({ ...counts }, { messages: 2, turns: 1, persisted: 1 });
});

Deno.test("twenty simultaneous first messages of one customer make one conversation", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;

  const bodies = Array.from({ length: 20 }, (_, index) => `Message ${index}`);
  const results = await Promise.all(
    bodies.map((body) => stack.twilio.inbound({ from: CUSTOMER, body })),
  );

  assert.deepEqual(new Set(results.map(({ response }) => response?.status)), new Set([200]));
  const [stored] = await sql`
    select count(*)::int as messages, count(distinct conversation_id)::int as conversations,
      array_agg(seq::int order by seq) as seqs
    from cc_messages where direction = 'inbound'`;
  assert.equal(stored?.["messages"], 20);
  assert.equal(stored?.["conversations"], 1);
  assert.equal(new Set(stored?.["seqs"]).size, 20);
  const [rows] = await sql`
    select (select count(*)::int from cc_customers) as customers,
      (select count(*)::int from cc_conversations) as conversations,
      (select count(*)::int from cc_customer_addresses) as addresses`;
  assert.deepEqual({ ...rows }, { customers: 1, conversations: 1, addresses: 1 });
  await allTurnsEnd(sql);
  await noGapsInSeq(sql);
});

Deno.test("the same MessageSid fifty times at once is one row and one reply", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  const MessageSid = "SM0123456789abcdef0123456789abcdef";

  const results = await Promise.all(
    Array.from(
      { length: 50 },
      () => stack.twilio.inbound({ from: CUSTOMER, body: "Hello", MessageSid }),
    ),
  );

  assert.deepEqual(new Set(results.map(({ response }) => response?.status)), new Set([200]));
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  await allTurnsEnd(sql);
  const [counts] = await sql`
    select count(*) filter (where direction = 'inbound')::int as inbound,
      count(*) filter (where direction = 'outbound')::int as outbound
    from cc_messages`;
  assert.deepEqual({ ...counts }, { inbound: 1, outbound: 1 });
  assert.equal(stack.twilio.sent(CUSTOMER).length, 1);
});

Deno.test("a burst of five is one turn with one reply", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;

  for (const number of [1, 2, 3, 4, 5]) {
    await stack.twilio.inbound({ from: CUSTOMER, body: `part ${number}` });
  }
  const [reply] = await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  await allTurnsEnd(sql);

  assert.match(reply?.body ?? "", /part 1.*part 2.*part 3.*part 4.*part 5/s);
  const [counts] = await sql`
    select (select count(*)::int from cc_turns) as turns,
      (select count(*)::int from cc_audit_logs
        where event_type = 'orchestrator_triggered' and output_redacted ->> 'turn' = 'opened'
      ) as dispatches`;
  assert.deepEqual({ ...counts }, { turns: 1, dispatches: 1 });
  assert.equal(stack.twilio.sent(CUSTOMER).length, 1);
});

Deno.test("messages that arrive while the agent works are answered by the next turn, in order", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0`;
  stack.openai.setFault("slow:500", 1);

  await stack.twilio.inbound({ from: CUSTOMER, body: "first" });
  await eventually("the first turn to be claimed", async () => {
    const [running] = await sql`select from cc_turns where state = 'running'`;
    return running !== undefined;
  });
  await stack.twilio.inbound({ from: CUSTOMER, body: "second" });
  const replies = await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });
  await allTurnsEnd(sql);

  assert.match(replies[0]?.body ?? "", /first/);
  assert.match(replies[1]?.body ?? "", /second/);
  assert.equal(stack.twilio.sent(CUSTOMER).length, 2);
  await noGapsInSeq(sql);
});

type Sql = Awaited<ReturnType<typeof startTestStack>>["sql"];

async function allTurnsEnd(sql: Sql) {
  await eventually("every turn to be answered and every reply handed over", async () => {
    const [open] = await sql`
      select from cc_turns where state in ('pending', 'running', 'retrying')
      union all
      select from cc_messages where send_state in ('ready', 'sending', 'uncertain')`;
    return open === undefined;
  });
}

async function noGapsInSeq(sql: Sql) {
  const [gap] = await sql`
    select conversation_id, max(seq)::int, count(*)::int
    from cc_messages group by conversation_id having max(seq) <> count(*)`;
  assert.equal(gap, undefined);
}
