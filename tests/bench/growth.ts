/**
 * What a step costs when the tables are full, against the same step when they are nearly empty; and
 * in a conversation of a hundred thousand messages. Beside it, what a message writes into Postgres'
 * log just after a checkpoint, when the first change of a page writes all of that page.
 */
import postgres from "postgres";
import { type BenchDatabase, startBenchDatabases } from "./bench_database.ts";
import { type Figure, figureOf, quantile } from "./figures.ts";
import { addressOf, newMessage } from "./messages.ts";
import type { BenchOptions } from "./options.ts";
import { say } from "./print.ts";
import { rounded } from "./figures.ts";

const FEW_MESSAGES = 1_000;
const MESSAGES_EACH = 20;
/** How long the one long conversation is, at most. */
const LONG_CONVERSATION = 100_000;
const AT_ONCE = 5_000;
/** Passes through all steps in one round. */
const PASSES = 150;
const STEPS = ["ingest", "claim", "status", "sweep"] as const;
const TARGET = { atMost: 1.2 };

type Step = (typeof STEPS)[number];
/** Milliseconds of each pass, and the bytes that its message wrote into the log. */
type Times = Record<Step | "logBytes", number[]>;

export async function benchGrowth(options: BenchOptions): Promise<Figure[]> {
  await using databases = await startBenchDatabases(["few", "many", "long"]);
  const { few, many, long } = databases.byName;
  await seed(few, FEW_MESSAGES, MESSAGES_EACH);
  await seed(many, options.messages, MESSAGES_EACH);
  const inOne = Math.min(LONG_CONVERSATION, options.messages);
  await seed(long, inOne, inOne);

  const sides = {
    few: await startSide(few, FEW_MESSAGES, MESSAGES_EACH),
    many: await startSide(many, options.messages, MESSAGES_EACH),
    long: await startSide(long, inOne, inOne),
  };
  const rounds: Record<keyof typeof sides, Times>[] = [];
  for (let round = 0; round <= options.rounds; round++) {
    // Pass by pass in turn: what else the machine does meets all sides alike.
    const times = { few: noTimes(), many: noTimes(), long: noTimes() };
    await few.admin`checkpoint`;
    for (let pass = 0; pass < PASSES; pass++) {
      for (const name of ["few", "many", "long"] as const) await sides[name].pass(times[name]);
    }
    if (round > 0) rounds.push(times);
  }
  await Promise.all(Object.values(sides).map((side) => side.end()));

  print(rounds, options.messages, inOne);
  return STEPS.flatMap((step) => [
    figureOf(`growth.${step}`, rounds.map((r) => p50(r.many[step]) / p50(r.few[step])), TARGET),
    figureOf(
      `growth.${step}.one_conversation`,
      rounds.map((r) => p50(r.long[step]) / p50(r.few[step])),
      TARGET,
    ),
  ]).concat(figureOf("growth.log_kb_per_message", rounds.map((r) => logKb(r.many))));
}

async function seed({ admin }: BenchDatabase, messages: number, each: number) {
  await admin.unsafe(await Deno.readTextFile(new URL("./seed.sql", import.meta.url)));
  const conversations = messages / each;
  const step = Math.max(1, Math.floor(AT_ONCE * MESSAGES_EACH / each));
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

/** One pass: a new message, its claim, its silent end (not measured), a status, an idle sweep. */
async function startSide(database: BenchDatabase, messages: number, each: number) {
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
    const message = newMessage(customer);
    const before = await endOfLog(sql);
    const [stored] = await timed(times.ingest, () =>
      sql`
      select * from ingest_inbound_message(
        provider_message_id => ${message.sid}, from_address => ${addressOf(customer)},
        to_address => ${message.to}, body_text => ${message.body},
        body_json => ${sql.json(message.json as postgres.JSONValue)},
        signature => ${message.signature})`);
    times.logBytes.push(await endOfLog(sql) - before);
    const [claim] = await timed(times.claim, () =>
      sql`
      select claim_turn(${stored?.["conversation_id"]}) as claim`);
    if (!claim?.["claim"].turn_id) throw new Error(`Cannot claim: ${claim?.["claim"].outcome}`);
    const turnId = claim?.["claim"].turn_id;
    await sql`select complete_turn(turn_id => ${turnId}, attempt => 1, silent_reason => 'bench')`;
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

async function endOfLog(sql: postgres.Sql): Promise<number> {
  const [log] = await sql`select pg_current_wal_insert_lsn() - '0/0' as bytes`;
  return Number(log?.["bytes"]);
}

async function timed<Result>(times: number[], work: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  const result = await work();
  times.push(performance.now() - began);
  return result;
}

function noTimes(): Times {
  return { ingest: [], claim: [], status: [], sweep: [], logBytes: [] };
}

function p50(times: number[]): number {
  return quantile(times, 0.5);
}

/** The mean, since whole pages come with some messages and not with others. */
function logKb({ logBytes }: Times): number {
  return logBytes.reduce((sum, bytes) => sum + bytes, 0) / logBytes.length / 1000;
}

function print(rounds: Record<string, Times>[], many: number, inOne: number) {
  say(`\ngrowth, p50 ms    ${FEW_MESSAGES} messages    ${many} messages    ${inOne} in one`);
  const row = (name: string, of: (times: Times) => number) => {
    const columns = ["few", "many", "long"].map((side) => {
      const values = rounds.map((round) => of(round[side] ?? noTimes()));
      return String(rounded(quantile(values, 0.5))).padStart(15);
    });
    say(name.padEnd(15) + columns.join(""));
  };
  for (const step of STEPS) row(step, (times) => p50(times[step]));
  row("log, kB", logKb);
}
