/** One of the databases that the growth benchmark compares: its past, and a pass through all steps. */
import postgres from "postgres";
import type { BenchDatabase } from "./bench_database.ts";
import { addressOf, newMessage } from "./messages.ts";

/** What is measured, in the order of a pass. */
export const STEPS = [
  "ingest",
  "newcomer",
  "claim",
  "complete",
  "claim_send",
  "record_send",
  "status",
  "sweep",
] as const;

/** Milliseconds of each pass, and the bytes that its message wrote into the log. */
export type Times = Record<(typeof STEPS)[number] | "logBytes", number[]>;

const MESSAGES_AT_ONCE = 100_000;

/** Before the first pass. */
export function noTimes(): Times {
  const lists = [...STEPS, "logBytes"].map((name) => [name, []]);
  return Object.fromEntries(lists);
}

/** Fills the database with a past of so many messages, so many in each conversation. */
export async function seed(
  { admin }: BenchDatabase,
  messages: number,
  each: number,
): Promise<void> {
  await admin.unsafe(await Deno.readTextFile(new URL("./seed.sql", import.meta.url)));
  const conversations = messages / each;
  const step = Math.max(1, Math.floor(MESSAGES_AT_ONCE / each));
  for (let first = 0; first < conversations; first += step) {
    const count = Math.min(step, conversations - first);
    await admin`select bench.seed_conversations(${first}, ${count}, ${each})`;
  }
  await admin`
    update cc_settings set debounce_ms = 0, turns_per_minute = 1000000000,
      customer_burst_messages = 1000000000, customer_messages_per_minute = 1000000000
    where true`;
  await admin`vacuum analyze`;
}

/** A session in a seeded database, and what it does again and again. */
export interface Side {
  /**
   * A message of somebody known and of somebody new, a turn up to its sent reply, a status of an old
   * message, an idle sweep; adds what each took.
   */
  pass(times: Times): Promise<void>;
  end(): Promise<void>;
}

/** Begins in a database that was seeded with as many. */
export async function startSide(
  database: BenchDatabase,
  messages: number,
  each: number,
): Promise<Side> {
  const conversations = messages / each;
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  const sent = await sql`
    select provider_message_id as sid from cc_messages tablesample bernoulli (${
    Math.min(100, 4_000_000 / messages)
  })
    where direction = 'outbound'`;
  let status = 0;
  const pass = async (times: Times) => {
    const customer = Math.floor(Math.random() * conversations);
    const before = await endOfLog(sql);
    const known = await timed(times.ingest, () => ingest(sql, addressOf(customer)));
    times.logBytes.push(await endOfLog(sql) - before);
    const [phone, user] = [crypto.randomUUID(), crypto.randomUUID()];
    const newcomer = await timed(times.newcomer, () => ingest(sql, phone, [user]));
    await database.admin`
      update cc_turns set state = 'silent', silent_reason = 'bench', finished_at = clock_timestamp()
      where conversation_id = ${newcomer} and state = 'pending'`;
    const turn = await call(times.claim, sql`select claim_turn(${known}) as result`);
    await call(
      times.complete,
      sql`select complete_turn(${turn["turn_id"]}, 1, array['It costs nothing.']) as result`,
    );
    const send = await call(times.claim_send, sql`select claim_send(${known}) as result`);
    const sentAs = newMessage(0).sid;
    await call(
      times.record_send,
      sql`select record_send(
        ${send["message_id"]}, 1, 'handed_over', provider_message_id => ${sentAs}) as result`,
    );
    const sid = sent[status++ % sent.length]?.["sid"];
    await database.admin`
      update cc_messages set delivery_status = 'sent'
      where provider = 'twilio' and provider_message_id = ${sid}`;
    await timed(times.status, () => sql`select record_delivery_status(${sid}, 'delivered')`);
    await database.admin`truncate net.http_request_queue, cc_private.dispatches`;
    await timed(times.sweep, () => sql`select cc_private.sweep()`);
  };
  return { pass, end: () => sql.end() };
}

/** Stores a new message; gives its conversation. */
async function ingest(sql: postgres.Sql, from: string, others: string[] = []): Promise<string> {
  const message = newMessage(0);
  const [stored] = await sql`
    select conversation_id from ingest_inbound_message(
      provider_message_id => ${message.sid}, from_address => ${from}, to_address => ${message.to},
      body_text => ${message.body}, body_json => ${sql.json(message.json as postgres.JSONValue)},
      signature => ${message.signature}, other_addresses => ${others})`;
  return stored?.["conversation_id"];
}

async function endOfLog(sql: postgres.Sql): Promise<number> {
  const [log] = await sql`select pg_current_wal_insert_lsn() - '0/0' as bytes`;
  return Number(log?.["bytes"]);
}

/** What a function of the database answers. Throws when it had nothing to hand out, or was late. */
async function call(times: number[], statement: PromiseLike<postgres.RowList<postgres.Row[]>>) {
  const [row] = await timed(times, async () => await statement);
  const result = row?.["result"];
  if (["claimed", "answered", "recorded"].includes(result?.outcome)) return result;
  throw new Error(`Cannot go on: ${JSON.stringify(result)}`);
}

async function timed<Result>(times: number[], work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const result = await work();
  times.push(performance.now() - began);
  return result;
}
