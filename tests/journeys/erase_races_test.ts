/** Erasures at the same moment as everything else, on real connections. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { eventually } from "../support/eventually.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

const CUSTOMERS = ["whatsapp:+15005550001", "whatsapp:+15005550002", "whatsapp:+15005550003"];
const BUSINESS = "whatsapp:+15005550100";
const WORKERS = 10;
const STEPS = 60;

interface Connections extends AsyncDisposable {
  sql: postgres.Sql;
}

async function connect(max: number): Promise<Connections> {
  const database = await createTestDatabase();
  const sql = postgres(database.url(), { max, onnotice: () => {} });
  await sql`update cc_settings set debounce_ms = 0, customer_burst_messages = 100000,
    turns_per_minute = 100000`;
  return {
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await database.drop();
    },
  };
}

let sids = 0;

async function ingest(sql: postgres.Sql, from: string, inboundAt: Date | null = null) {
  const sid = `SM${String(++sids).padStart(32, "0")}`;
  const [stored] = await sql`
    select * from ingest_inbound_message(
      ${sid}, ${from}, ${BUSINESS}, ${`words of ${from}`},
      ${sql.json({ kind: "text", parameters: { From: from } })}, inbound_at => ${inboundAt})`;
  return { sid, ...stored } as { sid: string; conversation_id: string; is_new_message: boolean };
}

/** Until another session waits for a lock. */
async function somebodyWaits(sql: postgres.Sql) {
  await eventually("a session to wait", async () => {
    const [waiting] = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting !== undefined;
  });
}

async function customerOf(sql: postgres.Sql, conversationId: string): Promise<string> {
  const [row] = await sql`select customer_id from cc_conversations where id = ${conversationId}`;
  return row?.["customer_id"];
}

for (const hasConversation of [true, false]) {
  const what = hasConversation ? "an open conversation" : "no open conversation";
  Deno.test(`a message that comes during the erasure of a customer with ${what} is somebody new's`, async () => {
    await using test = await connect(4);
    const { sql } = test;
    const [from = ""] = CUSTOMERS;
    const first = await ingest(sql, from);
    const customer = await customerOf(sql, first.conversation_id);
    if (!hasConversation) await sql`update cc_conversations set status = 'closed'`;

    const held = await sql.reserve();
    await held`begin`;
    await held`select erase_customer(${customer})`;
    const second = ingest(sql, from);
    await somebodyWaits(sql);
    await held`commit`;
    held.release();

    const { conversation_id, is_new_message } = await second;
    assert.equal(is_new_message, true);
    assert.notEqual(await customerOf(sql, conversation_id), customer);
    await holdsPromises(sql);
  });
}

Deno.test("a message that Twilio dates before an erasure is dropped, also when it waited for it", async () => {
  await using test = await connect(4);
  const { sql } = test;
  const [from = ""] = CUSTOMERS;
  const first = await ingest(sql, from);
  const customer = await customerOf(sql, first.conversation_id);
  const held = await sql.reserve();
  await held`begin`;
  await held`select erase_customer(${customer})`;
  const second = ingest(sql, from, new Date(Date.now() - 60_000));
  await somebodyWaits(sql);
  await held`commit`;
  held.release();

  await assert.rejects(second, { code: "PT409" }, "it had taken the customer for a living one");
  const again = await ingest(sql, from, new Date(Date.now() - 60_000));
  assert.equal(again.is_new_message, false);
  assert.equal((await sql`select from cc_messages`).length, 1);
  await holdsPromises(sql);
});

Deno.test("an erasure waits for a message that is being stored, and erases it", async () => {
  await using test = await connect(4);
  const { sql } = test;
  const [from = ""] = CUSTOMERS;
  const first = await ingest(sql, from);
  const customer = await customerOf(sql, first.conversation_id);
  const held = await sql.reserve();
  await held`begin`;
  await held`select * from ingest_inbound_message('SMlate', ${from}, ${BUSINESS}, 'late words')`;
  const erasure = sql`select erase_customer(${customer}) ->> 'outcome' as outcome`.execute();
  await somebodyWaits(sql);
  await held`commit`;
  held.release();

  assert.equal((await erasure)[0]?.["outcome"], "erased");
  const [left] = await sql`select from cc_messages where body_text <> ''`;
  assert.equal(left, undefined);
  await holdsPromises(sql);
});

Deno.test("ten workers receive, answer, send and erase at once: no deadlock, nothing left, nothing lost", async () => {
  await using test = await connect(WORKERS);
  const { sql } = test;
  const sent: string[] = [];
  await Promise.all(Array.from({ length: WORKERS }, () => work(sql, sent)));

  const stored = await sql`select provider_message_id as sid from cc_messages
    where direction = 'inbound'`;
  assert.deepEqual(stored.map(({ sid }) => sid).sort(), sent.toSorted());
  const [erased] = await sql`select count(*)::int as count from cc_customers
    where erased_at is not null`;
  assert.ok(erased?.["count"] > 3, "there were erasures");
  await holdsPromises(sql);
});

async function work(sql: postgres.Sql, sent: string[]) {
  for (let step = 0; step < STEPS; step++) {
    const from = CUSTOMERS[Math.floor(Math.random() * CUSTOMERS.length)] ?? "";
    const kind = Math.random();
    if (kind < 0.4) sent.push((await ingest(sql, from)).sid);
    else if (kind < 0.85) await answer(sql, from);
    else await erase(sql, from);
  }
}

async function answer(sql: postgres.Sql, from: string) {
  const [active] = await sql`
    select id from cc_conversations
    where provider_conversation_id = ${from} and status = 'active'`;
  if (!active) return;
  const [{ turn } = { turn: null }] = await sql`select claim_turn(${active["id"]}) as turn`;
  if (turn.outcome === "claimed") {
    await sql`select complete_turn(${turn.turn_id}, ${turn.attempt}, array['a reply'])`;
  }
  const [{ send } = { send: null }] = await sql`select claim_send(${active["id"]}) as send`;
  if (send.outcome !== "claimed") return;
  const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
  await sql`select record_send(${send.message_id}, ${send.attempt}, 'handed_over', ${sid})`;
}

async function erase(sql: postgres.Sql, from: string) {
  const [found] = await sql`select find_customer(${from}) ->> 'customer_id' as id`;
  if (!found?.["id"]) return;
  try {
    await sql`select erase_customer(${found["id"]}, 3)`;
  } catch (error) {
    // A message was on its way; everything else, a deadlock above all, is a failure.
    if (!(error instanceof postgres.PostgresError) || error.code !== "PT409") throw error;
  }
}

/** What must hold after every race. */
async function holdsPromises(sql: postgres.Sql) {
  await eventually("the removal job to finish what is half done", async () => {
    const [{ removed } = { removed: null }] =
      await sql`select cc_private.remove_expired() as removed`;
    return removed.erasures === 0;
  });
  const broken = await sql`
    with erased as (
      select conversation.* from cc_conversations as conversation
      join cc_customers as customer on customer.id = conversation.customer_id
      where customer.erased_at is not null
    )
    select 'an erased customer has an open conversation' as what from erased where status = 'active'
    union all
    select 'an erased message says something' from cc_messages as message
    join erased on erased.id = message.conversation_id
    where message.body_text <> '' or message.erased_at is null
      or 'erased' not in (message.from_address, message.to_address)
    union all
    select 'an erased conversation waits' from cc_turns as turn
    join erased on erased.id = turn.conversation_id
    where turn.state in ('pending', 'running', 'retrying')
    union all
    select 'an erased customer has an address' from cc_customer_addresses
    where customer_id in (select customer_id from erased)
    union all
    select 'a conversation has a gap' from cc_messages
    group by conversation_id having max(seq) <> count(*)
    union all
    select 'a conversation has no message' from cc_conversations as conversation
    where not exists (select from cc_messages where conversation_id = conversation.id)
    union all
    select 'a chain is broken' from (
      select hash, previous_hash, cc_private.audit_hash(entry) as right_hash,
        lag(hash, 1, '\\x'::bytea) over (partition by conversation_id order by id) as expected
      from cc_audit_logs as entry
    ) as link where hash <> right_hash or previous_hash <> expected`;
  assert.deepEqual(broken.map(({ what }) => what), []);
}
