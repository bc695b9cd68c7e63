/** A person takes over, answers and hands back, on the whole stack. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511900000007";
const TAKE_OVER = "A colleague will answer you here.";

Deno.test("a person takes over while the agent works, answers, hands back, and the agent goes on", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack: { twilio, openai } } = test;
  await sql`update cc_settings set debounce_ms = 0 where id`;
  openai.setFault("slow:1500", 1);
  await twilio.inbound({ from: CUSTOMER, body: "Where is my card?" });
  await turnIs(test, "running");
  const conversationId = await conversationOf(test);

  assert.equal(await call(test, "hand_over", conversationId), "handed_over");
  await twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  await eventually(
    "the agent's late answer",
    () => Promise.resolve(test.lines.some((line) => line.includes("turn.answered"))),
  );
  assert.equal(await reply(test, conversationId, 2, "It is in the post."), "stored");
  await twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });

  assert.equal(await call(test, "hand_back", conversationId), "handed_back");
  await twilio.inbound({ from: CUSTOMER, body: "Thank you for the card" });
  const sent = await twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 20_000 });
  assert.deepEqual(sent.slice(0, 2).map(({ body }) => body), [TAKE_OVER, "It is in the post."]);
  assert.match(sent[2]?.body ?? "", /Thank you for the card/);
  await settled(test);
  assert.equal(twilio.sent(CUSTOMER).length, 3, "and nothing else was ever sent");
});

Deno.test("a customer who asks for a person waits for one, and an operator is called", async () => {
  await using test = await startTestStack();
  const { sql, stack: { twilio, alerts } } = test;
  await sql`update cc_settings set debounce_ms = 0 where id`;
  await twilio.inbound({ from: CUSTOMER, body: "I want to speak to a person" });
  const [said] = await twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  assert.match(said?.body ?? "", /a colleague, who will answer you here/);
  await eventually(
    "the alert",
    () => Promise.resolve(JSON.stringify(alerts.received).includes('"kind":"person_needed"')),
  );

  await twilio.inbound({ from: CUSTOMER, body: "Are you there?" });
  const [waiting] = await sql`
    select handler, count(message.id)::int as messages
    from cc_turns as turn
    join cc_conversations as conversation on conversation.id = turn.conversation_id
    join cc_messages as message on message.turn_id = turn.id
    where turn.state = 'pending' and turn.due_at is null group by handler`;
  assert.deepEqual({ ...waiting }, { handler: "human", messages: 2 });
  const [rung] = await sql`
    select count(*)::int as times from cc_audit_logs where event_type = 'orchestrator_triggered'`;
  assert.equal(
    rung?.["times"],
    1,
    "the second message rang nobody, and no record says that it did",
  );
  assert.equal(twilio.sent(CUSTOMER).length, 1);
});

Deno.test("a burst while a person writes waits as one; a reply pressed twice leaves once", async () => {
  await using test = await startTestStack();
  const { sql, stack: { twilio } } = test;
  await sql`update cc_settings set debounce_ms = 0, hand_over_text = null where id`;
  await twilio.inbound({ from: CUSTOMER, body: "I need a person" });
  await twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });
  const conversationId = await conversationOf(test);
  const bodies = ["one", "two", "three", "four"];
  const id = crypto.randomUUID();
  const [, ...presses] = await Promise.all([
    Promise.all(bodies.map((body) => twilio.inbound({ from: CUSTOMER, body }))),
    ...Array.from({ length: 4 }, () => reply(test, conversationId, 2, "Hello, this is Ana.", id)),
  ]);
  assert.deepEqual(presses.sort(), [
    "already_stored",
    "already_stored",
    "already_stored",
    "stored",
  ]);

  const waiting = await sql`
    select turn.id, array_agg(message.body_text) as bodies
    from cc_turns as turn join cc_messages as message on message.turn_id = turn.id
    where turn.state = 'pending' group by turn.id`;
  assert.equal(waiting.length, 1);
  assert.deepEqual(waiting[0]?.["bodies"].sort(), [...bodies].sort());
  await twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });
  await settled(test);
  assert.equal(twilio.sent(CUSTOMER).length, 2);
  assert.equal(await reply(test, conversationId, 99, "All four: yes."), "stored");
  await twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 20_000 });
  const [open] = await sql`select from cc_turns where state = 'pending'`;
  assert.equal(open, undefined);
});

Deno.test("a dead turn is answered by a person, and the next conversation knows of it", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack: { twilio, openai } } = test;
  await sql`update cc_settings set debounce_ms = 0, max_failures = 1 where id`;
  openai.setFault("status:500", 1);
  await twilio.inbound({ from: CUSTOMER, body: "Where is my card?" });
  await turnIs(test, "dead");
  const conversationId = await conversationOf(test);
  assert.equal(await reply(test, conversationId, 1, "It is in the post."), "stored");
  const sent = await twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });
  assert.equal(sent[1]?.body, "It is in the post.");
  await settled(test);
  const [turn] = await sql`select id, state from cc_turns`;
  assert.equal(turn?.["state"], "answered");
  const [replay] = await sql`select replay_turn(${turn?.["id"]}) ->> 'outcome' as outcome`;
  assert.equal(replay?.["outcome"], "not_dead");

  assert.equal(await call(test, "close_conversation", conversationId), "closed");
  await twilio.inbound({ from: CUSTOMER, body: "It has come" });
  await twilio.waitForOutbound({ to: CUSTOMER, count: 3, timeoutMs: 20_000 });
  assert.match(JSON.stringify(openai.requests().at(-1)), /It is in the post\..*It has come/s);
});

async function conversationOf({ sql }: TestStack): Promise<string> {
  const [conversation] = await sql`select id from cc_conversations`;
  return conversation?.["id"];
}

async function call({ sql }: TestStack, name: string, conversationId: string): Promise<string> {
  const [answer] = await sql`select ${sql(name)}(${conversationId}) ->> 'outcome' as outcome`;
  return answer?.["outcome"];
}

async function reply(
  { sql }: TestStack,
  conversationId: string,
  upToSeq: number,
  text: string,
  id = crypto.randomUUID() as string,
): Promise<string> {
  const [answer] = await sql`
    select send_reply(${id}, ${conversationId}, ${upToSeq}, ${[text]}) ->> 'outcome' as outcome`;
  return answer?.["outcome"];
}

async function turnIs({ sql }: TestStack, state: string): Promise<void> {
  await eventually(`a turn to be ${state}`, async () => {
    const [turn] = await sql`select from cc_turns where state = ${state}`;
    return turn !== undefined;
  });
}

async function settled({ sql }: TestStack): Promise<void> {
  await eventually("every message to be handed over", async () => {
    const [open] = await sql`
      select from cc_messages where send_state in ('ready', 'sending', 'uncertain')
      union all select from cc_turns where state in ('running', 'retrying')`;
    return open === undefined;
  });
}
