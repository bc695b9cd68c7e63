/** The ledger: Twilio's side compared with the tables. */
import assert from "node:assert/strict";
import type { Ledger } from "../../local/ledger.ts";
import { ledgerRoutes } from "../../local/ledger.ts";
import { pressFault, readLedger } from "../support/simulator.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { BUSINESS, twilioFetch } from "../support/twilio.ts";
import { eventually } from "../support/eventually.ts";

const CUSTOMER = "whatsapp:+5511912345678";
const NOTHING: Ledger = {
  ...{ received: 0, stored: 0, lost: 0, answered: 0, unanswered: 0, replies: 0, doubled: 0 },
};
/** Twilio's side is read first: a reply that leaves between the two is in the tables alone. */
const HAS_ANSWER = ({ answered, replies }: Ledger) => answered === 1 && replies > 0;

Deno.test("GET /simulator/ledger counts, and names what is wrong only when asked", async () => {
  await using test = await startTestStack();
  const { twilio } = test.stack;
  const counts = await (await fetch(`${twilio.url}/simulator/ledger`)).json();
  assert.deepEqual(counts, NOTHING);
  const { details } = await readLedger(twilio);
  assert.deepEqual(details, { lost: [], unanswered: [], doubled: [] });
});

Deno.test("a message that was answered is received, stored, answered, and no reply doubled", async () => {
  await using test = await startTestStack();
  await test.stack.twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  const { details: _, ...counts } = await untilLedger(test, HAS_ANSWER);
  assert.deepEqual(counts, { ...NOTHING, received: 1, stored: 1, answered: 1, replies: 1 });
});

Deno.test("a message whose webhook never came is lost, one that waits is unanswered", async () => {
  await using test = await startTestStack();
  const { twilio } = test.stack;
  await pressFault(twilio, "pg_net", "down");
  await pressFault(twilio, "webhooks", "drop");
  const dropped = await twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  const waiting = await twilio.inbound({ from: CUSTOMER, body: "Hello??" });
  assert.deepEqual(await readLedger(twilio), {
    ...{ ...NOTHING, received: 2, stored: 1, lost: 1, unanswered: 1 },
    details: { lost: [dropped.messageSid], unanswered: [waiting.messageSid], doubled: [] },
  });
});

Deno.test("a reply that Twilio refused leaves its message unanswered", async () => {
  await using test = await startTestStack();
  const { sql, stack: { twilio } } = test;
  await pressFault(twilio, "twilio", "refuse:63016");
  await twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  await eventually("the refusal", async () => {
    return (await sql`select from cc_messages where send_state = 'refused'`).length > 0;
  });
  const { answered, unanswered, replies } = await readLedger(twilio);
  assert.deepEqual({ answered, unanswered, replies }, { answered: 0, unanswered: 1, replies: 0 });
});

Deno.test("a dead turn counts as answered once its fallback is handed over, after a second death too", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack: { twilio } } = test;
  await sql`update cc_settings set max_failures = 1, hand_over_dead_turns = false`;
  await pressFault(twilio, "openai", "nonsense", 20);
  const { messageSid } = await twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  const { replies } = await untilLedger(test, HAS_ANSWER);
  assert.equal(replies, 1);
  const [dead] = await sql`
    select id, state from cc_turns
    where id = (select turn_id from cc_messages where provider_message_id = ${messageSid})`;
  assert.equal(dead?.["state"], "dead");

  await sql`select replay_turn(${dead?.["id"]})`;
  await eventually("the second death", async () => {
    const [message] = await sql`
      select turn.state, turn.id
      from cc_messages join cc_turns as turn on turn.id = turn_id
      where provider_message_id = ${messageSid}`;
    return message?.["state"] === "dead" && message?.["id"] !== dead?.["id"];
  });
  const after = await readLedger(twilio);
  assert.deepEqual([after.answered, after.unanswered, after.replies], [1, 0, 1]);
});

Deno.test("a message of ours that Twilio executed twice is doubled, by the id in its callback", async () => {
  await using test = await startTestStack();
  const { webhookUrl, twilio } = test.stack;
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  const sids = [];
  for (const id of [first, second, first, first]) {
    const StatusCallback = `${webhookUrl}/status?message_id=${id}`;
    sids.push(await post(test, { To: CUSTOMER, From: BUSINESS, Body: "Same", StatusCallback }));
  }
  const { replies, doubled, details } = await readLedger(twilio);
  assert.deepEqual([replies, doubled], [4, 2]);
  assert.deepEqual(new Set(details.doubled), new Set([sids[2], sids[3]]));
});

Deno.test("without a callback, a text of ours under a SID that is not ours is doubled", async () => {
  await using test = await startTestStack();
  const { twilio } = test.stack;
  await twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  await untilLedger(test, HAS_ANSWER);
  const Body = twilio.sent(CUSTOMER)[0]?.body ?? "";
  const again = await post(test, { To: CUSTOMER, From: BUSINESS, Body });
  await post(test, { To: CUSTOMER, From: BUSINESS, Body: "Written by a person elsewhere" });
  const { replies, doubled, details } = await readLedger(twilio);
  assert.deepEqual([replies, doubled, details.doubled], [3, 1, [again]]);
});

Deno.test("without its database the ledger is 503 and says why", async () => {
  const routes = ledgerRoutes(() => [], "postgresql://supabase_admin:x@127.0.0.1:9/postgres");
  const response = await routes.request("/simulator/ledger");
  assert.equal(response.status, 503);
  assert.match((await response.json()).error, /Cannot read the database: .*ECONNREFUSED/);
});

async function untilLedger({ stack }: TestStack, holds: (ledger: Ledger) => boolean) {
  return await eventually("the ledger", async () => {
    const ledger = await readLedger(stack.twilio);
    return holds(ledger) && ledger;
  });
}

async function post({ stack }: TestStack, form: Record<string, string>): Promise<string> {
  const response = await twilioFetch(stack.twilio.url, "/Messages.json", { form });
  assert.equal(response.status, 201);
  return (await response.json()).sid;
}
