/**
 * `deno task cost`: what a thousand messages cost, counted on a whole stack: calls of functions and of
 * the database, rows and bytes, requests to the model. Each is answered alone, which costs most.
 */
import postgres from "postgres";
import { databaseUrl } from "../../local/postgres.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const MESSAGES = Number(Deno.args.find((argument) => /^\d+$/.test(argument))) || 300;
const CUSTOMERS = 30;
const TIMEOUT_MS = 300_000;
/** English has some four characters a token; the simulator counts none. */
const CHARACTERS_PER_TOKEN = 4;

await main();
// The listeners of the cluster's end would keep this running.
Deno.exit(0);

async function main() {
  await using test = await startTestStack({ AGENTS: "openai" });
  await countCalls(test.sql);
  await test.sql`
    update cc_settings set debounce_ms = 0, customer_burst_messages = 100000, turns_per_minute = 100000
    where id`;
  const before = await count(test);
  const startedAt = Date.now();
  await converse(test);
  await settled(test);
  const tookMs = Date.now() - startedAt;
  print(difference(await counted(test), before));
  say(`\n${MESSAGES} messages of ${CUSTOMERS} customers in ${tookMs} ms`);
}

/** Each customer waits for the answer before the next question. */
async function converse({ stack }: TestStack) {
  const rounds = MESSAGES / CUSTOMERS;
  await Promise.all(Array.from({ length: CUSTOMERS }, async (_, customer) => {
    const from = `whatsapp:+5511900${String(customer).padStart(6, "0")}`;
    for (let round = 1; round <= rounds; round++) {
      await stack.twilio.inbound({ from, body: `What about number ${round}, please?` });
      await stack.twilio.waitForOutbound({ to: from, count: round, timeoutMs: TIMEOUT_MS });
    }
  }));
}

async function settled({ sql }: TestStack) {
  const until = Date.now() + TIMEOUT_MS;
  while (Date.now() < until) {
    const [open] = await sql`
      select count(*)::integer as count from cc_messages
      where direction = 'outbound' and coalesce(delivery_status, '') <> 'read'`;
    if (open?.["count"] === 0) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("Cannot count: some messages were never read");
}

/** A session tells its calls when it has been idle for a second: until two counts agree. */
async function counted(test: TestStack): Promise<Counts> {
  for (let last = await count(test);;) {
    await new Promise((done) => setTimeout(done, 2000));
    const next = await count(test);
    if (next["calls of record_delivery_status"] === last["calls of record_delivery_status"]) {
      return next;
    }
    last = next;
  }
}

/** Postgres counts calls of functions only when it is told to. */
async function countCalls(sql: postgres.Sql) {
  const superuser = postgres(databaseUrl(Number(sql.options.port), "postgres", "supabase_admin"), {
    max: 1,
  });
  await superuser`alter system set track_functions = 'all'`;
  await superuser`select pg_reload_conf()`;
  await superuser.end();
}

type Counts = Record<string, number>;

async function count({ sql, stack, lines }: TestStack): Promise<Counts> {
  const rpcs = await sql`
    select funcname, calls::integer as calls from pg_stat_user_functions
    where schemaname = 'public' and calls > 0`;
  const [rings] = await sql`select last_value::integer as count from net.http_request_queue_id_seq`;
  const [rows] = await sql`
    select (select count(*)::integer from cc_messages) as messages,
      (select count(*)::integer from cc_turns) as turns,
      (select count(*)::integer from cc_audit_logs) as audit,
      (select count(*)::integer from cc_private.webhook_signatures) as signatures,
      (select sum(pg_total_relation_size(c.oid))::integer from pg_class as c
        where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace))
        as bytes`;
  const model = stack.openai.requests().filter(({ method }) => method === "POST");
  const events = lines.map((line) => /"event":"([^"]+)"/.exec(line)?.[1]);
  const happened = (name: string) => events.filter((event) => event === name).length;
  return {
    "calls of twilio-webhook: messages": happened("message.received"),
    "calls of twilio-webhook: status callbacks": happened("status.received"),
    "calls of orchestrator, twilio-sync and media by pg_net": rings?.["count"] ?? 0,
    ...Object.fromEntries(rpcs.map((row) => [`calls of ${row["funcname"]}`, row["calls"]])),
    "rows of cc_messages": rows?.["messages"],
    "rows of cc_turns": rows?.["turns"],
    "rows of cc_audit_logs": rows?.["audit"],
    "rows of webhook_signatures": rows?.["signatures"],
    "kilobytes of tables and indexes": rows?.["bytes"] / 1024,
    "requests to the model": model.length,
    "characters to the model / 4, as tokens":
      model.map(({ body }) => JSON.stringify(body).length).reduce((a, b) => a + b, 0) /
      CHARACTERS_PER_TOKEN,
  };
}

function difference(after: Counts, before: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
  );
}

function print(counts: Counts) {
  say("| For a thousand messages | |\n| --- | --- |");
  for (const [name, value] of Object.entries(counts)) {
    if (value > 0) say(`| ${name} | ${Math.round(value * 1000 / MESSAGES)} |`);
  }
}

function say(text: string) {
  // deno-lint-ignore no-console
  console.log(text);
}
