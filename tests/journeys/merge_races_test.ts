/**
 * Phone and BSUID of one person arrive apart, together and crossing, on many connections at once,
 * while workers claim, answer and send: nothing is lost, answered twice or left to a merged customer.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import postgres from "postgres";
import { createTestDatabase } from "../support/test_cluster.ts";

const RUNS = Number(Deno.env.get("SWITCHBOARD_MERGE_RUNS") ?? 15);
const CONNECTIONS = 10;
const PERSONS = 3;
const KINDS = ["+1500555", "BR.", "BR.ENT."];

type Step =
  | { do: "write"; person: number; from: number; with: number[] }
  | { do: "work"; person: number };

const person = fc.nat(PERSONS - 1);
const write = fc.record({
  do: fc.constant("write" as const),
  person,
  from: fc.nat(KINDS.length - 1),
  with: fc.subarray([0, 1, 2]),
});
const work = fc.record({ do: fc.constant("work" as const), person });
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: write }, { weight: 2, arbitrary: work }), {
  ...{ minLength: 6, maxLength: 14, size: "max" as const },
});
const everybody = fc.array(steps, { minLength: CONNECTIONS, maxLength: CONNECTIONS });

Deno.test("crossing merges lose no message, answer none twice and never deadlock", async () => {
  await using copy = await createTestDatabase();
  const connect = () => postgres(copy.url(), { max: 1, onnotice: () => {} });
  const connections = Array.from({ length: CONNECTIONS }, connect);
  const [sql] = connections as [postgres.Sql];
  await sql`update cc_settings set debounce_ms = 0, turns_per_minute = 1000000,
    customer_burst_messages = 1000000`;
  let run = 0;
  try {
    await fc.assert(
      fc.asyncProperty(everybody, async (everybody) => {
        const race = new Race(++run);
        await Promise.all(
          everybody.map(async (steps, index) => {
            const sql = connections[index] as postgres.Sql;
            for (const step of steps) await race.take(sql, step);
          }),
        );
        // Whoever was never seen together is now.
        for (let person = 0; person < PERSONS; person++) {
          await race.take(sql, { do: "write", person, from: 0, with: [1, 2] });
        }
        await race.finish(sql);
        await assertWhole(sql, race);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    await assertUnbrokenChains(sql);
    await assertNoDeadlock(sql);
  } finally {
    await Promise.all(connections.map((each) => each.end()));
  }
});

Deno.test("twenty webhooks that merge the same two customers at once merge them once", async () => {
  await using copy = await createTestDatabase();
  const sql = postgres(copy.url(), { max: 20, onnotice: () => {} });
  try {
    for (let round = 1; round <= 15; round++) {
      const race = new Race(round);
      const addresses = [0, 1];
      for (const from of addresses) {
        await race.take(sql, { do: "write", person: 0, from, with: [from] });
      }
      await Promise.all(Array.from({ length: 20 }, (_, number) => {
        const from = number % 2;
        return race.take(sql, { do: "write", person: 0, from, with: [1 - from] });
      }));
    }
    const [merged] = await sql`
      select count(*)::int as conversations from cc_audit_logs
      where event_type = 'customers_merged'`;
    assert.equal(merged?.["conversations"], 15 * 2);
    await assertNoDeadlock(sql);
  } finally {
    await sql.end();
  }
});

/** What is written and done in one run, by persons whom no other run knows. */
class Race {
  readonly sids: string[] = [];
  readonly #run: number;

  constructor(run: number) {
    this.#run = run;
  }

  addresses(person: number): string[] {
    const number = String(this.#run * PERSONS + person).padStart(5, "0");
    return KINDS.map((kind) => `whatsapp:${kind}${number}`);
  }

  async take(sql: postgres.Sql, step: Step): Promise<void> {
    const addresses = this.addresses(step.person);
    if (step.do === "work") return await this.#work(sql, addresses);
    const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
    this.sids.push(sid);
    const others = step.with.map((index) => addresses[index] as string);
    await sql`
      select * from ingest_inbound_message(
        provider_message_id => ${sid}, from_address => ${addresses[step.from] as string},
        to_address => 'whatsapp:+14155238886', body_text => 'Hello', other_addresses => ${others})`;
  }

  /** Works until nothing is left to do. */
  async finish(sql: postgres.Sql): Promise<void> {
    const all = Array.from({ length: PERSONS }, (_, person) => this.addresses(person)).flat();
    const isOpen = async () =>
      (await sql`
        select from cc_messages
        where (from_address = any (${all}) or to_address = any (${all}))
          and (send_state = 'ready' or turn_id in (
            select id from cc_turns where state in ('pending', 'running', 'retrying')))
        limit 1`).length > 0;
    for (let round = 0; await isOpen(); round++) {
      assert.ok(round < 50, "something stays open for ever");
      await this.#work(sql, all);
    }
  }

  /** What an orchestrator does, once in each conversation, the closed ones too. */
  async #work(sql: postgres.Sql, addresses: string[]): Promise<void> {
    const conversations = await sql`
      select distinct conversation_id as id from cc_messages
      where from_address = any (${addresses}) or to_address = any (${addresses})`;
    for (const { id } of conversations) {
      const [claimed] = await sql`select claim_turn(${id}) as turn`;
      const { outcome, turn_id, attempt } = claimed?.["turn"];
      if (outcome === "claimed") {
        await sql`select complete_turn(${turn_id}, ${attempt}, array['Hi'])`;
      }
      const [handed] = await sql`select claim_send(${id}) as send`;
      const { send } = handed as { send: Record<string, string> };
      if (send["outcome"] !== "claimed") continue;
      const sid = `SM${crypto.randomUUID().replaceAll("-", "")}`;
      await sql`
        select record_send(${send["message_id"] ?? ""}, ${send["attempt"] ?? ""}, 'handed_over',
          ${sid}, 'queued')`;
    }
  }
}

async function assertWhole(sql: postgres.Sql, race: Race): Promise<void> {
  const stored = await sql`
    select provider_message_id, turn_id from cc_messages
    where provider_message_id = any (${race.sids})`;
  assert.equal(stored.length, race.sids.length, "each message is stored once");
  const turns = [...new Set(stored.map(({ turn_id }) => turn_id as string))];
  const replies = await sql`
    select turn.state, count(reply.id)::int as replies from cc_turns as turn
    left join cc_messages as reply on reply.turn_id = turn.id and reply.direction = 'outbound'
    where turn.id = any (${turns}) group by turn.id`;
  assert.ok(replies.every(({ state, replies }) => state === "answered" && replies === 1));

  const gaps = await sql`
    select conversation_id from cc_messages
    group by conversation_id having max(seq) <> count(*) or min(seq) <> 1`;
  assert.deepEqual([...gaps], [], "seq has no gaps");
  const astray = await sql`
    select conversation.id from cc_conversations as conversation
    join cc_customers as customer on customer.id = conversation.customer_id
    where customer.merged_into is not null`;
  assert.deepEqual([...astray], [], "no conversation is a merged customer's");
  const chained = await sql`
    select younger.id from cc_customers as younger
    join cc_customers as elder on elder.id = younger.merged_into
    where elder.merged_into is not null or elder.created_at > younger.created_at`;
  assert.deepEqual([...chained], [], "every merged customer names an elder who is not merged");
  await assertOnePersonEach(sql, race);
}

async function assertOnePersonEach(sql: postgres.Sql, race: Race): Promise<void> {
  for (let person = 0; person < PERSONS; person++) {
    const addresses = race.addresses(person);
    const [found] = await sql`
      select cardinality(cc_private.customers_with('twilio', 'whatsapp', ${addresses})) as customers,
        count(*)::int as active
      from cc_conversations
      where status = 'active'
        and customer_id = any (cc_private.customers_with('twilio', 'whatsapp', ${addresses}))`;
    assert.deepEqual({ ...found }, { customers: 1, active: 1 });
  }
}

async function assertUnbrokenChains(sql: postgres.Sql): Promise<void> {
  const broken = await sql`
    select entry.id
    from cc_audit_logs as entry
    where entry.hash <> cc_private.audit_hash(entry)
      or entry.previous_hash <> coalesce((
        select earlier.hash from cc_audit_logs as earlier
        where earlier.conversation_id is not distinct from entry.conversation_id
          and earlier.id < entry.id
        order by earlier.id desc limit 1
      ), '')`;
  assert.deepEqual([...broken], [], "the audit's chain is broken");
}

async function assertNoDeadlock(sql: postgres.Sql): Promise<void> {
  const [counted] = await sql`
    select deadlocks::int from pg_stat_database where datname = current_database()`;
  assert.equal(counted?.["deadlocks"], 0);
}
