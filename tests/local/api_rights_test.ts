/** Who is outside, and even the service's own key, tries every table and every function by the API. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { PUBLISHABLE_KEY, SECRET_KEY } from "../../local/credentials.ts";
import { startGateway } from "../../local/gateway.ts";
import { createTestDatabase } from "../support/test_cluster.ts";
import { legacyJwt } from "../support/legacy_jwt.ts";

const USER = legacyJwt({ role: "authenticated", sub: crypto.randomUUID() });
const CALLERS: Record<string, { status: number; headers: Record<string, string> }> = {
  "anon": { status: 401, headers: { apikey: PUBLISHABLE_KEY } },
  "anon without any key": { status: 401, headers: {} },
  "authenticated": {
    status: 403,
    headers: { apikey: PUBLISHABLE_KEY, authorization: `Bearer ${USER}` },
  },
  "service_role": { status: 403, headers: { apikey: SECRET_KEY } },
};
const METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE"];

/** The migrated database behind a gateway; `sql` belongs to its owner. */
async function api() {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createTestDatabase());
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  starting.defer(() => sql.end());
  const gateway = await startGateway({ port: 0, databaseUrl: database.url("authenticator") });
  starting.defer(() => gateway.stop());
  const started = starting.move();
  const ask = async (
    path: string,
    method: string,
    headers: Record<string, string>,
    given: unknown = {},
  ) => {
    const body = method === "GET" || method === "HEAD" ? null : JSON.stringify(given);
    const type = { "content-type": "application/json" };
    const init = { method, headers: { ...type, ...headers }, body };
    const response = await fetch(`${gateway.url}/rest/v1/${path}`, init);
    const text = await response.text();
    return { status: response.status, code: text ? JSON.parse(text).code : undefined };
  };
  return { sql, ask, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

for (const [caller, { status, headers }] of Object.entries(CALLERS)) {
  Deno.test(`${caller} reads and writes no table through the API`, async () => {
    await using test = await api();
    const tables = await test.sql<{ name: string }[]>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`;
    assert.ok(tables.length >= 9, `only ${tables.length} tables`);
    for (const { name } of tables) {
      for (const method of METHODS) {
        const answer = await test.ask(name, method, headers);
        assert.equal(answer.status, status, `${method} ${name}`);
        if (method !== "HEAD") assert.equal(answer.code, "42501", `${method} ${name}`);
      }
    }
  });
}

for (const caller of ["anon", "anon without any key", "authenticated"]) {
  Deno.test(`${caller} calls no function through the API`, async () => {
    await using test = await api();
    const { status, headers } = CALLERS[caller] ?? assert.fail();
    const routines = await test.sql<{ name: string; parameters: Record<string, null> }[]>`
      select routine.proname as name, coalesce(
        (
          select jsonb_object_agg(argument, null)
          from unnest(routine.proargnames[1:routine.pronargs]) as argument
        ),
        '{}'
      ) as parameters
      from pg_proc as routine where routine.pronamespace = 'public'::regnamespace`;
    assert.ok(routines.length >= 16, `only ${routines.length} functions`);
    for (const { name, parameters } of routines) {
      const answer = await test.ask(`rpc/${name}`, "POST", headers, parameters);
      assert.deepEqual(answer, { status, code: "42501" }, name);
    }
  });
}

Deno.test("nobody reaches cc_private through the API", async () => {
  await using test = await api();
  for (const { headers } of Object.values(CALLERS)) {
    for (const profile of ["accept-profile", "content-profile"]) {
      const method = profile === "accept-profile" ? "GET" : "POST";
      const answer = await test.ask("webhook_signatures", method, {
        ...headers,
        [profile]: "cc_private",
      });
      assert.deepEqual(answer, { status: 406, code: "PGRST106" });
    }
    assert.equal((await test.ask("webhook_signatures", "GET", headers)).code, "PGRST205");
  }
});

Deno.test("the gateway says so when a table is open: these tests would notice", async () => {
  await using test = await api();
  await test.sql`grant select, insert, update, delete on cc_customers to anon`;
  for (const method of METHODS) {
    assert.equal((await test.ask("cc_customers", method, {})).status, 501, method);
  }
});
