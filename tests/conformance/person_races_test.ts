/** What meets at a conversation's lock: messages and closings, agents and persons, with real connections. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { messageSid } from "../support/factories.ts";
import { eventually } from "../support/eventually.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

const CUSTOMER = "whatsapp:+15005550188";
const CONNECTIONS = 8;

type Sql = postgres.Sql | postgres.TransactionSql;

Deno.test("a closing that is first lets the message open another conversation", async () => {
  await using database = await createConnections();
  const { sql } = database;
  const conversationId = await answered(sql);
  const arriving = await sql.begin(async (closer) => {
    assert.equal(await outcome(closer`select close_conversation(${conversationId})`), "closed");
    const arriving = receive(sql);
    await someoneWaits(sql);
    return { arriving };
  });
  const message = await arriving.arriving;
  assert.notEqual(message.conversationId, conversationId);
  assert.deepEqual(await statuses(sql), ["active", "closed"]);
});

Deno.test("a message that is first keeps its conversation open", async () => {
  await using database = await createConnections();
  const { sql } = database;
  const conversationId = await answered(sql);
  const { closing } = await sql.begin(async (writer) => {
    assert.equal((await receive(writer)).conversationId, conversationId);
    const closing = outcome(sql`select close_conversation(${conversationId})`);
    await someoneWaits(sql);
    return { closing };
  });
  assert.equal(await closing, "still_open");
  assert.deepEqual(await statuses(sql), ["active"]);
});

Deno.test("messages against closings: none is lost, none is in a closed conversation unanswered", async () => {
  await using database = await createConnections();
  const { sql } = database;
  await sql`
    update cc_settings
    set debounce_ms = 0, customer_burst_messages = 1000, turns_per_minute = 100000 where id`;
  for (let round = 0; round < 30; round++) {
    await answerAll(sql);
    await Promise.all([receive(sql), closeAll(sql), receive(sql), closeAll(sql)]);
  }
  await answerAll(sql);

  const [found] = await sql`
    select count(*)::int as messages,
      count(*) filter (where turn.state = 'silent')::int as answered,
      count(distinct message.conversation_id)::int as conversations
    from cc_messages as message join cc_turns as turn on turn.id = message.turn_id`;
  assert.equal(found?.["messages"], 60);
  assert.equal(found?.["answered"], 60);
  assert.ok(found?.["conversations"] > 1, "some closing was between two messages");
  const [late] = await sql`
    select from cc_audit_logs as closing
    join cc_audit_logs as arrival on arrival.conversation_id = closing.conversation_id
    where closing.event_type = 'conversation_closed'
      and arrival.event_type = 'message_persisted' and arrival.id > closing.id`;
  assert.equal(late, undefined, "no message came after its conversation's closing");
  const [gap] = await sql`
    select from cc_messages group by conversation_id having max(seq) <> count(*)`;
  assert.equal(gap, undefined);
});

Deno.test("twenty simultaneous presses are one reply", async () => {
  await using database = await createConnections();
  const { sql } = database;
  const { conversationId } = await receive(sql);
  const id = crypto.randomUUID();
  const presses = await Promise.all(
    Array.from(
      { length: 20 },
      () => outcome(sql`select send_reply(${id}, ${conversationId}, 1, ${["One", "Two"]})`),
    ),
  );
  assert.deepEqual(presses.sort(), [...Array(19).fill("already_stored"), "stored"]);
  const bodies = await sql`
    select body_text from cc_messages where direction = 'outbound' order by seq`;
  assert.deepEqual(bodies.map(({ body_text }) => body_text), ["One", "Two"]);
});

Deno.test("an agent's answer against a take-over: it leaves whole, or the message waits", async () => {
  await using database = await createConnections();
  const { sql } = database;
  await sql`
    update cc_settings set debounce_ms = 0, hand_over_text = null, turns_per_minute = 100000 where id`;
  const ends = new Set<string>();
  for (let round = 0; round < 40; round++) {
    const { conversationId } = await receive(sql, `${CUSTOMER}${round}`);
    const [claimed] = await sql`select claim_turn(${conversationId}) as turn`;
    const { turn_id, attempt } = claimed?.["turn"];
    const answer = () =>
      sql`select complete_turn(${turn_id}, ${attempt}, ${["One", "Two"]})`
        .then(() => sql`select claim_send(${conversationId})`);
    const takeOver = () => outcome(sql`select hand_over(${conversationId})`);
    const racers = round % 2 === 0 ? [answer, takeOver] : [takeOver, answer];
    await Promise.all(racers.map((race) => race()));
    ends.add(await endOf(sql, conversationId));
  }
  const allowed = ["answered: sending,ready", "pending: refused,refused", "pending: "];
  assert.deepEqual([...ends].filter((end) => !allowed.includes(end)), []);
  assert.ok(ends.size > 1, "the race went both ways");
});

/** How the customer's message stands, and what became of the agent's words. */
async function endOf(sql: Sql, conversationId: string): Promise<string> {
  const [end] = await sql`
    select turn.state || ': ' || coalesce((
      select string_agg(outbound.send_state, ',' order by outbound.seq)
      from cc_messages as outbound
      where outbound.conversation_id = message.conversation_id and outbound.direction = 'outbound'
    ), '') as end
    from cc_messages as message join cc_turns as turn on turn.id = message.turn_id
    where message.conversation_id = ${conversationId} and message.direction = 'inbound'`;
  return end?.["end"];
}

async function createConnections(): Promise<{ sql: postgres.Sql } & AsyncDisposable> {
  const copy = await createTestDatabase();
  const sql = postgres(copy.url(), { max: CONNECTIONS, onnotice: () => {} });
  return {
    sql,
    async [Symbol.asyncDispose]() {
      await sql.end();
      await copy.drop();
    },
  };
}

async function receive(sql: Sql, customer = CUSTOMER): Promise<{ conversationId: string }> {
  const sid = messageSid();
  const [stored] = await sql`
    select conversation_id from ingest_inbound_message(
      ${sid}, ${customer}, 'whatsapp:+15005550100', 'Hello', '{"kind": "text", "media": []}'
    )`;
  return { conversationId: stored?.["conversation_id"] };
}

/** A conversation in which nothing is open. */
async function answered(sql: Sql): Promise<string> {
  await sql`update cc_settings set debounce_ms = 0 where id`;
  const { conversationId } = await receive(sql);
  await answerAll(sql);
  return conversationId;
}

async function answerAll(sql: Sql): Promise<void> {
  const waiting =
    await sql`select distinct conversation_id as id from cc_turns where state = 'pending'`;
  for (const { id } of waiting) {
    const [claimed] = await sql`select claim_turn(${id}) as turn`;
    const { turn_id, attempt } = claimed?.["turn"] ?? {};
    if (turn_id) {
      await sql`select complete_turn(${turn_id}, ${attempt}, silent_reason => 'nothing')`;
    }
  }
}

async function closeAll(sql: Sql): Promise<void> {
  await sql`select close_conversation(id) from cc_conversations where status = 'active'`;
}

async function statuses(sql: Sql): Promise<string[]> {
  const rows = await sql`select status from cc_conversations order by status`;
  return rows.map(({ status }) => status);
}

async function outcome(query: PromiseLike<postgres.Row[]>): Promise<string> {
  const [row] = await query;
  return Object.values(row ?? {})[0]?.outcome;
}

async function someoneWaits(sql: Sql): Promise<void> {
  await eventually("a connection to wait for the conversation", async () => {
    const [waiting] = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    return waiting !== undefined;
  });
}
