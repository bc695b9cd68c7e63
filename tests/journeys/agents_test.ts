/** What agents get from the rest of the stack: pictures, the operator's answers, recorded effects. */
import assert from "node:assert/strict";
import { SECRET_KEY } from "../../local/credentials.ts";
import { createAgentDatabase } from "../../supabase/functions/orchestrator/agent_database.ts";
import { COMMON_ANSWERS } from "../support/common_answers.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511912345678";

function agentDatabase({ stack }: TestStack) {
  const options = { supabaseUrl: stack.gateway.url, supabaseKey: SECRET_KEY, timeoutMs: 10_000 };
  return createAgentDatabase(options);
}

Deno.test("the model sees the picture that a customer sends", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;
  // The picture is fetched while the burst is waited for.
  await sql`update cc_settings set debounce_ms = 5000 where id`;
  await stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "What is this?" },
    media: [{ contentType: "image/png", base64: btoa("a picture") }],
  });
  await eventually("the file to be stored", async () => {
    const [file] = await sql`select from cc_media where state = 'stored'`;
    return file !== undefined;
  });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  const asked = JSON.stringify(stack.openai.requests().at(-1)?.body?.["input"]);
  assert.ok(asked.includes(`data:image/png;base64,${btoa("a picture")}`), asked);
});

Deno.test("a new installation has the answers that the tests know", async () => {
  await using test = await startTestStack();
  const byTopic = (answers: typeof COMMON_ANSWERS) =>
    answers.toSorted((a, b) =>
      `${a.topic} ${a.language}`.localeCompare(`${b.topic} ${b.language}`)
    );
  const listed = await agentDatabase(test).listAnswers();
  assert.deepEqual(byTopic(listed), byTopic(COMMON_ANSWERS));
  const topics = (
    answers: typeof COMMON_ANSWERS,
  ) => [...new Set(answers.map(({ topic }) => topic))];
  assert.deepEqual(topics(listed), topics(COMMON_ANSWERS));
});

Deno.test("what the operator writes is what the rules say", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  await sql`
    insert into cc_answers (position, topic, language, phrases, answer)
    values (1, 'fees', 'en', '{fee, fees}', 'A withdrawal costs two euros{name}.')`;
  await stack.twilio.inbound({ from: CUSTOMER, body: "What are your fees?", ProfileName: "Ana" });
  const [reply] = await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  assert.equal(reply?.body, "A withdrawal costs two euros Ana.");
});

Deno.test("a tool's effect is recorded once, its result comes back as it was", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  const database = agentDatabase(test);
  await stack.functions.arm("orchestrator", []);
  await sql`update cc_settings set debounce_ms = 9000, debounce_max_ms = 60000 where id`;
  await stack.twilio.inbound({ from: CUSTOMER, body: "Block my card" });
  // The turn is the test's, before it is due for the orchestrator.
  const [turn] = await sql<{ id: string }[]>`
    update cc_turns set state = 'running', attempt = 1, due_at = null,
      lease_until = now() + interval '1 minute' returning id`;
  const call = { turnId: turn?.id ?? "", attempt: 1, tool: "block_card", arguments: { card: "x" } };
  const begun = await database.beginToolCall(call);
  assert.ok(begun.outcome === "started");
  const result = { case_number: 7, blocked_at: null };
  assert.deepEqual(await database.finishToolCall(begun.toolCallId, result), result);
  assert.deepEqual(await database.finishToolCall(begun.toolCallId, "another"), result);
  assert.deepEqual(await database.beginToolCall(call), {
    ...{ outcome: "finished", toolCallId: begun.toolCallId, result },
  });
  assert.deepEqual(await database.beginToolCall({ ...call, attempt: 2 }), {
    outcome: "lease_lost",
  });
});

Deno.test("each turn says what it cost, and the metrics add it up", async () => {
  const prices = { OPENAI_INPUT_PRICE: "0.25", OPENAI_OUTPUT_PRICE: "2" };
  await using test = await startTestStack({ AGENTS: "openai,rules", ...prices });
  const { sql, stack } = test;
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello" });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  const [turn] = await sql<{ agent: string; read: number; wrote: number; cost: number }[]>`
    select agent, input_tokens::int as read, output_tokens::int as wrote, cost_micros::int as cost
    from cc_turns`;
  assert.ok(turn && turn.agent === "openai" && turn.read > 100 && turn.wrote > 10);
  assert.equal(turn.cost, Math.round(turn.read * 0.25 + turn.wrote * 2));
  const [used] = await sql`select tokens::int, cost_micros::int from cc_private.token_use`;
  assert.deepEqual({ ...used }, { tokens: turn.read + turn.wrote, cost_micros: turn.cost });
});

Deno.test("a long conversation goes on from its summary", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0, customer_burst_messages = 100 where id`;
  for (let count = 1; count <= 8; count++) {
    await stack.twilio.inbound({ from: CUSTOMER, body: `Question ${count} about my parcel` });
    await stack.twilio.waitForOutbound({ to: CUSTOMER, count, timeoutMs: 20_000 });
    await eventually("the reply's hand-over", async () => {
      const [open] = await sql`select from cc_messages where send_state in ('ready', 'sending')`;
      return open === undefined;
    });
  }
  const [kept] = await sql<{ summary: string; seq: number }[]>`
    select summary, summary_seq::int as seq from cc_conversations`;
  assert.ok(kept?.summary && kept.seq === 8, JSON.stringify(kept));
  await stack.twilio.inbound({ from: CUSTOMER, body: "And?" });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 9, timeoutMs: 20_000 });
  const asked = JSON.stringify(stack.openai.requests().at(-1)?.body?.["input"]);
  assert.match(asked, /Summary of what was said before/);
  assert.doesNotMatch(asked, /"Question 4 about/);
});
