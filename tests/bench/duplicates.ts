/**
 * A storm of repeats, nine in ten, against new messages alone; and a thousand customers who write
 * twenty messages each at the same moment: nobody may be refused, and no transaction lost.
 */
import postgres from "postgres";
import { type BenchDatabase, startBenchDatabase } from "./bench_database.ts";
import { type Figure, figureOf } from "./figures.ts";
import { alternate, underLoad } from "./load.ts";
import { type BenchMessage, newMessage } from "./messages.ts";
import type { BenchOptions } from "./options.ts";
import { printTable, say } from "./print.ts";

const CONNECTIONS = 8;
const CUSTOMERS = 2_000;
const BURST = { customers: 1_000, messagesEach: 20, connections: 12 };

export async function benchDuplicates(options: BenchOptions): Promise<Figure[]> {
  await using database = await startBenchDatabase();
  const sessions = connect(database, CONNECTIONS);
  let customer = 0;
  const kept: BenchMessage[] = [];
  const ingestNew = async (worker: number) => {
    const message = newMessage(customer++ % CUSTOMERS);
    await ingest(sessions[worker], message);
    kept.push(message);
  };
  let count = 0;
  const ingestStorm = async (worker: number) => {
    if (count++ % 10 === 0 || kept.length === 0) return await ingestNew(worker);
    const repeat = kept[Math.floor(Math.random() * kept.length)];
    if (repeat) await ingest(sessions[worker], repeat);
  };
  const load = { workers: CONNECTIONS, forMs: options.roundMs };
  const rounds = await alternate(options.rounds, {
    fresh: () => underLoad(load, ingestNew),
    storm: () => underLoad(load, ingestStorm),
  });
  await Promise.all(sessions.map((session) => session.end()));
  printTable(`duplicates, ${CONNECTIONS} connections`, {
    "new messages alone": rounds.map(({ fresh }) => fresh),
    "nine in ten repeats": rounds.map(({ storm }) => storm),
  });
  await burst(database);
  const ratios = rounds.map(({ storm, fresh }) => storm.perSecond / fresh.perSecond);
  return [figureOf("duplicates.ratio", ratios, { atLeast: 2 })];
}

/** Throws when a caller sees an error, or when a message is lost or numbered twice. */
async function burst({ admin, ...database }: BenchDatabase) {
  const { customers, messagesEach, connections } = BURST;
  const sessions = connect({ admin, ...database }, connections);
  const waiting = Array.from(
    { length: customers * messagesEach },
    (_, i) => newMessage(CUSTOMERS + i % customers),
  ).sort(() => Math.random() - 0.5);
  const [{ before } = { before: 0 }] = await admin`select deadlocks::int as before
    from pg_stat_database where datname = current_database()`;
  const began = performance.now();
  await Promise.all(sessions.map(async (session) => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await ingest(session, next);
  }));
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(sessions.map((session) => session.end()));

  const [stored] = await admin`
    select count(*)::int as messages, count(distinct conversation_id)::int as conversations,
      (select count(*)::int from (
        select from cc_messages group by conversation_id having max(seq) <> count(*)
      ) as gap) as with_gaps,
      (select deadlocks::int from pg_stat_database where datname = current_database()) as deadlocks
    from cc_messages as message
    where exists (
      select from cc_customer_addresses as known
      where known.address = message.from_address
        and substr(known.address, 11)::bigint - 4915100000000 >= ${CUSTOMERS}
    )`;
  const expected = customers * messagesEach;
  if (stored?.["messages"] !== expected || stored["with_gaps"] !== 0) {
    throw new Error(`The burst went wrong: ${JSON.stringify(stored)}, not ${expected} messages`);
  }
  if (stored["deadlocks"] !== before) throw new Error("The burst brought deadlocks");
  say(
    `\n${customers} customers × ${messagesEach} messages at once over ${connections} connections: ` +
      `${Math.round(expected / seconds)} per second, no deadlock, no error, no gap`,
  );
}

function connect(database: BenchDatabase, count: number): postgres.Sql[] {
  return Array.from({ length: count }, () => postgres(database.url(), { max: 1 }));
}

async function ingest(sql: postgres.Sql | undefined, message: BenchMessage) {
  if (!sql) throw new Error("Cannot ingest: there is no session");
  const { sid, from, to, body, json, signature } = message;
  await sql`
    select * from ingest_inbound_message(
      provider_message_id => ${sid}, from_address => ${from}, to_address => ${to},
      body_text => ${body}, body_json => ${sql.json(json as postgres.JSONValue)},
      signature => ${signature})`;
}
