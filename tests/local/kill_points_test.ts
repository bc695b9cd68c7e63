/** A function is killed, or stands still, at an exact point of its work: its real process. */
import assert from "node:assert/strict";
import { ORCHESTRATOR_KEY, SYNC_KEY } from "../../local/credentials.ts";
import type { Stack } from "../../local/stack.ts";
import { clearFaults, listFaults, pressFault } from "../support/simulator.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { eventually } from "../support/eventually.ts";

const CUSTOMER = "whatsapp:+5511912345678";

/** What the database and Twilio hold when the orchestrator is dead at each point. */
const AT_POINT: Record<string, { turn: string; reply: string | undefined; posted: number }> = {
  after_claim: { turn: "running", reply: undefined, posted: 0 },
  after_model: { turn: "running", reply: undefined, posted: 0 },
  after_complete: { turn: "answered", reply: "ready", posted: 0 },
  before_post: { turn: "answered", reply: "sending", posted: 0 },
  after_post: { turn: "answered", reply: "sending", posted: 1 },
  after_record: { turn: "answered", reply: "handed_over", posted: 1 },
};

Deno.test("the orchestrator is killed at each point with exactly that much done", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { stack } = test;
  // Rung by hand, once: nothing else does anything more with the message.
  await pressFault(stack.twilio, "pg_net", "down");
  for (const [index, [point, expected]] of Object.entries(AT_POINT).entries()) {
    const customer = `whatsapp:+551191234567${index}`;
    await pressFault(stack.twilio, "twilio", "callbacks:none");
    const active = await pressFault(stack.twilio, "function:orchestrator", `kill_at:${point}`);
    const mode = `kill_at:${point}`;
    assert.ok(active.some((fault) => fault.mode === mode), `${mode} is not active`);
    await stack.twilio.inbound({ from: customer, body: "Hello?" });
    await ring(test, customer);
    await untilSaid(test, `orchestrator: killed at ${point}`);
    await untilSaid(test, "orchestrator: process ended: SIGKILL", index + 1);
    assert.deepEqual({ point, ...await stateOf(test, customer) }, { point, ...expected });
    const left = (await listFaults(stack.twilio)).active;
    assert.deepEqual(left.filter(({ target }) => target === "function:orchestrator"), []);
    await stack.functions.untilUp("orchestrator", 5_000);
  }
});

Deno.test("the webhook is killed before and after the message is stored", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  await pressFault(stack.twilio, "pg_net", "down");
  for (const [point, stored] of [["before_ingest", 0], ["after_commit", 1]] as const) {
    await pressFault(stack.twilio, "function:twilio-webhook", `kill_at:${point}`);
    const { response, messageSid } = await stack.twilio.inbound({ from: CUSTOMER, body: "Hi" });
    assert.equal(response?.status, 500);
    const rows = await sql`select from cc_messages where provider_message_id = ${messageSid}`;
    assert.equal(rows.length, stored, point);
  }
  const { response } = await stack.twilio.inbound({ from: CUSTOMER, body: "Still there?" });
  assert.equal(response?.status, 200);
});

Deno.test("the sync is killed at each point, and a send in doubt stays so until it is settled", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  const { sql, stack } = test;
  await pressFault(stack.twilio, "pg_net", "down");
  await pressFault(stack.twilio, "function:orchestrator", "kill_at:before_post");
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  await ring(test, CUSTOMER);
  await untilSaid(test, "orchestrator: killed at before_post");
  await sql`
    update cc_messages
    set send_state = 'uncertain', send_lease_until = now() - interval '1 day'
    where send_state = 'sending'`;
  for (const point of ["after_list", "before_settle", "after_settle"]) {
    const [before] = await sql`select absent_since from cc_messages where send_state = 'uncertain'`;
    assert.equal(before?.["absent_since"], null, `before ${point}`);
    await pressFault(stack.twilio, "function:twilio-sync", `kill_at:${point}`);
    await callFunction(stack, "twilio-sync", SYNC_KEY);
    await untilSaid(test, `twilio-sync: killed at ${point}`);
  }
  const [after] = await sql`select absent_since from cc_messages where send_state = 'uncertain'`;
  assert.notEqual(after?.["absent_since"], null);
});

Deno.test("an armed point outlives the process until it has struck as often as told", async () => {
  await using test = await startTestStack();
  const { stack } = test;
  const fault = ["function:twilio-webhook", "kill_at:before_ingest"] as const;
  await pressFault(stack.twilio, ...fault, 3);
  await pressFault(stack.twilio, "function:twilio-webhook", "kill");
  const statuses: (number | undefined)[] = [];
  const startedAt = performance.now();
  for (const left of [2, 1, 0]) {
    const { response } = await stack.twilio.inbound({ from: CUSTOMER, body: "Hi" });
    statuses.push(response?.status);
    const active = (await listFaults(stack.twilio)).active.map(({ times }) => times);
    assert.deepEqual(active, left > 0 ? [left] : []);
  }
  statuses.push((await stack.twilio.inbound({ from: CUSTOMER, body: "Hi" })).response?.status);
  assert.deepEqual(statuses, [500, 500, 500, 200]);
  const ms = performance.now() - startedAt;
  assert.ok(ms < 15_000, `four messages and three restarts took ${ms} ms`);
});

Deno.test("a point that is taken back strikes no more", async () => {
  await using test = await startTestStack();
  const { stack } = test;
  const fault = ["function:twilio-webhook", "kill_at:before_ingest"] as const;
  await pressFault(stack.twilio, ...fault, 5);
  assert.deepEqual(await pressFault(stack.twilio, ...fault, 0), []);
  await pressFault(stack.twilio, ...fault, 5);
  assert.deepEqual(await clearFaults(stack.twilio), []);
  const { response } = await stack.twilio.inbound({ from: CUSTOMER, body: "Hi" });
  assert.equal(response?.status, 200);
});

Deno.test("a function that hangs at a point does nothing meanwhile and then goes on", async () => {
  await using test = await startTestStack();
  const { stack } = test;
  await pressFault(stack.twilio, "function:orchestrator", "hang_at:before_post:1500");
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  await untilSaid(test, "orchestrator: stands still at before_post for 1500 ms");
  const stoodAt = performance.now();
  const origin = stack.functions.originOf("orchestrator");
  const meanwhile = await fetch(`${origin}/orchestrator`, { signal: AbortSignal.timeout(500) })
    .then(async (answer) => await answer.text(), (error: Error) => error.name);
  assert.equal(meanwhile, "TimeoutError");
  assert.equal(stack.twilio.sent().length, 0);
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 10_000 });
  const ms = performance.now() - stoodAt;
  assert.ok(ms > 1_200 && ms < 5_000, `the message left after ${ms} ms`);
  assert.equal(stack.functions.originOf("orchestrator"), origin, "the process is the same");
});

async function ring({ sql, stack }: TestStack, customer: string) {
  const [message] = await sql`
    select conversation_id as id from cc_messages where from_address = ${customer}`;
  await callFunction(stack, "orchestrator", ORCHESTRATOR_KEY, { conversationId: message?.["id"] });
}

async function callFunction(stack: Stack, name: string, apikey: string, body: unknown = {}) {
  const response = await fetch(`${stack.gateway.url}/functions/v1/${name}`, {
    method: "POST",
    headers: { apikey, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 202, await response.text());
}

async function stateOf({ sql, stack }: TestStack, customer: string) {
  const [row] = await sql`
    select turn.state as turn, reply.send_state as reply
    from cc_messages as message
    join cc_turns as turn on turn.id = message.turn_id
    left join cc_messages as reply on reply.turn_id = turn.id and reply.direction = 'outbound'
    where message.direction = 'inbound' and message.from_address = ${customer}`;
  const posted = postedTo(stack, customer);
  return { turn: row?.["turn"], reply: row?.["reply"] ?? undefined, posted };
}

function postedTo(stack: Stack, customer: string): number {
  return stack.twilio.sent(customer).length;
}

async function untilSaid({ lines }: TestStack, line: string, times = 1) {
  await eventually(
    `the line "${line}"`,
    () => Promise.resolve(lines.filter((each) => each === line).length >= times),
  );
}
