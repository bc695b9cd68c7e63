/**
 * Ingest against its floor: how many messages a second are stored with conversation, audit, turn and
 * dispatch, and how many are stored as one row, durably, in the same Postgres.
 */
import postgres from "postgres";
import { type BenchDatabase, startBenchDatabase } from "./bench_database.ts";
import { type Figure, figureOf } from "./figures.ts";
import { alternate, type Measured, underLoad } from "./load.ts";
import { addressOf, newMessage } from "./messages.ts";
import { printTable } from "./print.ts";
import type { BenchOptions } from "./options.ts";

/** More conversations than a round has messages, so that each message opens a turn and rings. */
const CONVERSATIONS = 20_000;
const CONNECTIONS = [1, 8];
const TARGET = { atLeast: 0.5 };

const INGEST = `select * from public.ingest_inbound_message(
  provider_message_id => $1, from_address => $2, to_address => $3, body_text => $4,
  body_json => $5, customer_name => 'Ada Lovelace', signature => $6
)`;
const FLOOR =
  `insert into bench.floor (sid, from_address, to_address, body_text, body_json, signature)
  values ($1, $2, $3, $4, $5, $6)`;

export async function benchIngest(options: BenchOptions): Promise<Figure[]> {
  await using database = await startBenchDatabase();
  await prepare(database.admin);
  const figures: Figure[] = [];
  for (const workers of CONNECTIONS) {
    const rounds = await measure(database, workers, options);
    printTable(`ingest, ${workers} connection${workers > 1 ? "s" : ""}`, {
      "one durable insert": rounds.map(({ floor }) => floor),
      "ingest_inbound_message": rounds.map(({ ingest }) => ingest),
    });
    const ratios = rounds.map(({ ingest, floor }) => ingest.perSecond / floor.perSecond);
    figures.push(figureOf(`ingest.ratio.${workers}`, ratios, TARGET));
  }
  return figures;
}

async function prepare(admin: postgres.Sql) {
  await admin.unsafe(`
    create schema bench;
    grant usage on schema bench to postgres;
    create table bench.floor (
      id bigint generated always as identity primary key,
      sid text not null, from_address text not null, to_address text not null,
      body_text text not null, body_json jsonb not null, signature text not null
    );
    grant insert on bench.floor to postgres;
  `);
  for (let customer = 0; customer < CONVERSATIONS; customer += 1000) {
    await seed(admin, customer, 1000);
  }
  await admin`vacuum analyze public.cc_customers, public.cc_customer_addresses, public.cc_conversations`;
}

async function seed(admin: postgres.Sql, first: number, count: number) {
  const addresses = Array.from({ length: count }, (_, i) => addressOf(first + i));
  await admin`
    with address as (select unnest(${addresses}::text[]) as address, gen_random_uuid() as customer_id),
    customer as (
      insert into public.cc_customers (id, name) select customer_id, 'Ada Lovelace' from address
    ),
    known as (
      insert into public.cc_customer_addresses (provider, channel, address, customer_id)
      select 'twilio', 'whatsapp', address, customer_id from address
    )
    insert into public.cc_conversations (
      customer_id, channel, provider, provider_conversation_id, business_address
    )
    select customer_id, 'whatsapp', 'twilio', address, 'whatsapp:+14155238886' from address
  `;
}

async function measure(database: BenchDatabase, workers: number, options: BenchOptions) {
  const sessions = Array.from({ length: workers }, () => postgres(database.url(), { max: 1 }));
  let customer = 0;
  const run = async (statement: string): Promise<Measured> => {
    await tidyUp(database.admin);
    return await underLoad({ workers, forMs: options.roundMs }, async (worker) => {
      const message = newMessage(customer++ % CONVERSATIONS);
      const { sid, from, to, body, json, signature } = message;
      await sessions[worker]?.unsafe(statement, [
        ...[sid, from, to, body],
        json as postgres.JSONValue,
        signature,
      ] as postgres.ParameterOrJSON<never>[], { prepare: true });
    });
  };
  try {
    return await alternate(options.rounds, {
      floor: () => run(FLOOR),
      ingest: () => run(INGEST),
    });
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

/** Every turn of the last round is answered, every ring has rung: as if the orchestrator had been there. */
async function tidyUp(admin: postgres.Sql) {
  await admin`
    update public.cc_turns set state = 'silent', silent_reason = 'bench', finished_at = clock_timestamp()
    where state = 'pending'
  `;
  await admin`truncate net.http_request_queue, cc_private.dispatches`;
  await admin`checkpoint`;
}
