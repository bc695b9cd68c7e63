/** A gateway on a database of its own, with functions that a test writes in SQL. */
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { SECRET_KEY } from "../../local/credentials.ts";
import { type GatewayOptions, startGateway } from "../../local/gateway.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

export interface GatewayFixture extends AsyncDisposable {
  url: string;
  /** supabase-js as an Edge Function uses it, with the secret key unless told otherwise. */
  client(key?: string): SupabaseClient;
  /** The database as its owner `postgres`. */
  sql: postgres.Sql;
  databaseUrl: string;
}

/** Runs `functions` as `postgres` and grants them to the API's roles; then starts the gateway. */
export async function gatewayWith(
  functions: string,
  options: Partial<GatewayOptions> = {},
): Promise<GatewayFixture> {
  const database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  // Our migrations close new functions; these belong to nobody's project but the test's.
  await sql`alter default privileges for role postgres grant execute on functions to public`;
  await sql.unsafe(functions).simple();
  const databaseUrl = database.url("authenticator");
  const gateway = await startGateway({ port: 0, databaseUrl, ...options });
  return {
    url: gateway.url,
    client: (key = SECRET_KEY) =>
      createClient(gateway.url, key, {
        auth: { persistSession: false, autoRefreshToken: false },
      }),
    sql,
    databaseUrl,
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await sql.end();
      await database.drop();
    },
  };
}

/** A request as supabase-js would send it, for what supabase-js cannot be made to send. */
export async function post(
  url: string,
  name: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; json: unknown }> {
  const response = await fetch(`${url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: { apikey: SECRET_KEY, "content-type": "application/json", ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text && JSON.parse(text) };
}

/** Resolves when so many sessions are inside pg_sleep(), that is: in the middle of a call. */
export async function untilSleeping(sql: postgres.Sql, sessions: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline) {
    const [row] = await sql`
      select count(*)::int as asleep from pg_stat_activity
      where wait_event = 'PgSleep' and datname = current_database()`;
    if (row?.asleep === sessions) return;
  }
  throw new Error(`Waited in vain for ${sessions} sessions to sleep`);
}
