/**
 * A steady load on the whole stack for a while, with no faults: every message is answered, memory of
 * the processes stays flat, connections stay bounded, and autovacuum keeps up: tables grow no faster
 * than their rows.
 */
import { startTestStackWithPostgres, type TestStackWithPostgres } from "../support/test_stack.ts";
import { type Figure, figureOf, rounded } from "./figures.ts";
import { addressOf } from "./messages.ts";
import type { BenchOptions } from "./options.ts";
import { say } from "./print.ts";

const MESSAGES_PER_SECOND = 5;
const CUSTOMERS = 50;
/** How long the last messages may still be answered after the load has ended. Milliseconds. */
const PATIENCE_MS = 60_000;
/** Looks at memory and connections, at the same distance. */
const LOOKS = 10;
/** Autovacuum looks once a minute: in less time, tables say nothing of it. */
const VACUUMED_AFTER_SECONDS = 180;
/** So much of a table is no bloat: a few pages, written between two vacuums. */
const FEW_PAGES_BYTES = 512 * 1024;

interface Look {
  connections: number;
  /** Megabytes of each function's process. */
  memory: Record<string, number>;
  tables: Record<string, Table>;
}

interface Table {
  bytes: number;
  rows: number;
}

export async function benchSoak({ soakSeconds }: BenchOptions): Promise<Figure[]> {
  await using test = await startTestStackWithPostgres({ AGENTS: "openai" });
  await test.sql`update cc_settings set debounce_ms = 0, customer_messages_per_minute = 600,
    customer_burst_messages = 600, turns_per_minute = 100000 where true`;
  const looks: Look[] = [];
  const total = soakSeconds * MESSAGES_PER_SECOND;
  for (let sent = 0; sent < total; sent++) {
    await test.stack.twilio.inbound({
      from: addressOf(sent % CUSTOMERS),
      body: `Question ${sent}`,
    });
    if (sent % Math.ceil(total / LOOKS) === 0) looks.push(await look(test));
    await new Promise((done) => setTimeout(done, 1000 / MESSAGES_PER_SECOND));
  }
  await untilAnswered(test);
  looks.push(await look(test));
  const memory = growthOf(looks, ({ memory }) => memory);
  say(`\nsoak, ${soakSeconds} s, ${MESSAGES_PER_SECOND} messages a second, all answered`);
  for (const [name, ratio] of Object.entries(memory)) {
    say(`${name.padEnd(16)} memory at the end ${rounded(ratio)} × of the middle`);
  }
  return [
    figureOf("soak.memory_growth", [Math.max(...Object.values(memory))], { atMost: 1.2 }),
    figureOf("soak.connections", [Math.max(...looks.map((each) => each.connections))], {
      atMost: 40,
    }),
    ...(soakSeconds < VACUUMED_AFTER_SECONDS ? [] : [
      figureOf("soak.bloat_growth", [bloatOf(looks)], { atMost: 1.2 }),
    ]),
  ];
}

/** The table that has grown most in the second half, against its rows. */
function bloatOf(looks: Look[]): number {
  const bytes = growthOf(looks, ({ tables }) => mapped(tables, (t) => FEW_PAGES_BYTES + t.bytes));
  const rows = growthOf(looks, ({ tables }) => mapped(tables, (t) => 1 + t.rows));
  return Math.max(
    ...Object.entries(bytes).map(([name, growth]) => growth / Math.max(1, rows[name] ?? 1)),
  );
}

/** Each message has a finished turn, and each reply has been handed over. Throws when one waits. */
async function untilAnswered({ sql }: TestStackWithPostgres) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const [open] = await sql`
      select
        (select count(*)::int from cc_turns where state in ('pending', 'running', 'retrying', 'dead')) as turns,
        (select count(*)::int from cc_messages where send_state in ('ready', 'sending', 'uncertain')) as sends`;
    if (open?.["turns"] === 0 && open["sends"] === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`Still open after the soak: ${JSON.stringify(open)}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

async function look({ sql, stack }: TestStackWithPostgres): Promise<Look> {
  const [row] = await sql`
    select count(*)::int as connections from pg_stat_activity where backend_type = 'client backend'`;
  const memory = await Promise.all(stack.functions.names.map(async (name) => {
    return [name, await residentMegabytes(stack.functions.pidOf(name))] as const;
  }));
  return {
    connections: row?.["connections"] ?? 0,
    memory: Object.fromEntries(memory),
    tables: await lookAtTables(sql),
  };
}

async function lookAtTables(sql: TestStackWithPostgres["sql"]): Promise<Record<string, Table>> {
  const tables = await sql<(Table & { name: string })[]>`
    select
      relid::regclass::text as name, pg_relation_size(relid)::float8 as bytes, n_live_tup::float8 as rows
    from pg_stat_user_tables where schemaname in ('public', 'cc_private', 'net')`;
  return Object.fromEntries(tables.map(({ name, ...table }) => [name, table]));
}

async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)?.[1]) / 1000;
}

/** The end against the middle: what a process or a table takes at first is no growth. */
function growthOf(
  looks: Look[],
  sizesOf: (look: Look) => Record<string, number>,
): Record<string, number> {
  const [middle, end] = [looks[Math.floor(looks.length / 2)], looks.at(-1)];
  const before = middle ? sizesOf(middle) : {};
  return mapped(end ? sizesOf(end) : {}, (size, name) => size / (before[name] ?? size));
}

function mapped<Value>(
  record: Record<string, Value>,
  to: (value: Value, name: string) => number,
): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, each]) => [name, to(each, name)]));
}
