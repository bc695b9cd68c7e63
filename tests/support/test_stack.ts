/** A whole local stack on a database of its own, for the journeys. */
import postgres from "postgres";
import { bootstrapDatabase } from "../../local/bootstrap.ts";
import { freePort } from "../../local/free_port.ts";
import type { Environment } from "../../local/function_environment.ts";
import { ManagedPostgres, type PostgresHandle } from "../../local/managed_postgres.ts";
import { applyMigrations } from "../../local/migrate.ts";
import { databaseUrl } from "../../local/postgres.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { createTestDatabase } from "./test_cluster.ts";

export interface TestStack extends AsyncDisposable {
  stack: Stack;
  /** The database as its owner, `postgres`. */
  sql: postgres.Sql;
  /** What the functions printed, a line each: `name: {"at":…}`. */
  lines: string[];
}

export interface TestStackWithPostgres extends TestStack {
  /** The server, which this stack alone uses. No query of `sql` may run while it goes down. */
  postgres: ManagedPostgres;
}

const MIGRATIONS = new URL("../../supabase/migrations", import.meta.url).pathname;

/** What most tests do not meet. */
const SELDOM_ASKED = ["media", "operations", "twilio-sync"];

/**
 * Starts functions, gateway, workers and simulators on free ports. A test whose subject are the
 * seldom asked functions says `lazy: []`: then they are there when it begins.
 */
export async function startTestStack(
  settings: Environment = {},
  options: { storageFolder?: string; lazy?: string[] } = {},
): Promise<TestStack> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createTestDatabase());
  const started = starting.use(
    await startOn((role) => database.url(role), settings, { lazy: SELDOM_ASKED, ...options }),
  );
  const all = starting.move();
  return { ...started, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** The same on a Postgres of its own, which may be killed and stopped: `target: "database"`. */
export async function startTestStackWithPostgres(
  settings: Environment = {},
): Promise<TestStackWithPostgres> {
  await using starting = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "switchboard_stack_" });
  starting.defer(() => Deno.remove(folder, { recursive: true }));
  const server = await ManagedPostgres.start({ folder, port: freePort() });
  starting.defer(() => server.stop());
  const url = (role?: string) => databaseUrl(server.port, "postgres", role);
  await bootstrapDatabase(url("supabase_admin"), { defaultPrivileges: "2026" });
  await applyMigrations(url(), MIGRATIONS);
  const started = starting.use(await startOn(url, settings, { postgres: server }));
  const all = starting.move();
  return { ...started, postgres: server, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function startOn(
  url: (role?: string) => string,
  settings: Environment,
  options: { postgres?: PostgresHandle; storageFolder?: string; lazy?: string[] },
): Promise<TestStack> {
  await using starting = new AsyncDisposableStack();
  const lines: string[] = [];
  const stack = starting.use(
    await startStack({
      databaseUrl: url,
      ports: { gateway: freePort(), twilio: freePort(), openai: freePort() },
      settings: { AGENTS: "rules", ...settings },
      log: (name, line) => lines.push(`${name}: ${line}`),
      ...options,
    }),
  );
  const sql = postgres(url(), { max: 5, onnotice: () => {} });
  starting.defer(() => sql.end());
  // A test that breaks Twilio's list, or counts what is asked of it, says itself when it is read.
  await sql`select cron.unschedule('switchboard-sync')`;
  const started = starting.move();
  return { stack, sql, lines, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
