/** The gateway while its database is busy, broken, away and back. */
import assert from "node:assert/strict";
import postgres from "postgres";
import { bootstrapDatabase } from "../../local/bootstrap.ts";
import { freePort } from "../../local/free_port.ts";
import { startGateway } from "../../local/gateway.ts";
import { databaseUrl, startPostgres } from "../../local/postgres.ts";
import { gatewayWith, post, untilSleeping } from "./gateway_fixture.ts";

const FUNCTIONS = `
  create function ping() returns text language sql as $$ select 'pong' $$;
  create function wait(seconds float) returns text language plpgsql as
    $$ begin perform pg_sleep(seconds); return 'waited'; end $$;`;

Deno.test("a call that finds no free connection in time is 504 PGRST003", async () => {
  await using gateway = await gatewayWith(FUNCTIONS, {
    pool: { size: 1, acquisitionTimeoutMs: 100 },
  });
  const holding = gateway.client().rpc("wait", { seconds: 1 }).then(({ data }) => data);
  await untilSleeping(gateway.sql, 1);
  const { status, error } = await gateway.client().rpc("ping");
  assert.deepEqual([status, error?.code], [504, "PGRST003"]);
  assert.equal(await holding, "waited");
  assert.equal((await gateway.client().rpc("ping")).data, "pong");
});

Deno.test("more calls than connections wait for their turn", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const client = gateway.client();
  const calls = Array.from({ length: 60 }, () => client.rpc("wait", { seconds: 0.01 }));
  const answers = await Promise.all(calls);
  assert.deepEqual(new Set(answers.map(({ data }) => data)), new Set(["waited"]));
  const [row] = await gateway.sql`
    select count(*)::int as open from pg_stat_activity where application_name = 'gateway'
      and datname = current_database()`;
  assert.equal(row?.open, 10);
});

Deno.test("sessions that the database ends fail alone, busy or idle, and the next calls work", async () => {
  await using gateway = await gatewayWith(FUNCTIONS);
  const client = gateway.client();
  await Promise.all(Array.from({ length: 10 }, () => client.rpc("wait", { seconds: 0.05 })));
  const waiting = Array.from(
    { length: 5 },
    () => client.rpc("wait", { seconds: 5 }).then((a) => a),
  );
  await untilSleeping(gateway.sql, 5);
  // With a time-out it waits until they are gone: a call may still meet a session that is dying.
  await gateway.sql`
    select pg_terminate_backend(pid, 10000) from pg_stat_activity
    where application_name = 'gateway' and datname = current_database()`;
  for (const { status, error } of await Promise.all(waiting)) {
    assert.equal(status, 503);
    assert.match(error?.code ?? "", /^(57P01|PGRST001)$/);
  }
  for (let i = 0; i < 20; i++) assert.equal((await client.rpc("ping")).data, "pong");
});

Deno.test("a database that is killed is 503 at once, and works again when it is back", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_outage_" });
  const port = freePort();
  let server = await startPostgres({ folder, port });
  try {
    await bootstrapDatabase(databaseUrl(port, "postgres", "supabase_admin"), {
      defaultPrivileges: "2026",
    });
    await asOwner(port, (sql) => sql.unsafe(FUNCTIONS).simple());
    const gateway = await startGateway({
      port: 0,
      databaseUrl: databaseUrl(port, "postgres", "authenticator"),
    });
    try {
      const call = (name: string, body = "{}") =>
        post(gateway.url, name, body).then(({ status, json }) => [status, codeOf(json)]);
      assert.deepEqual(await call("ping"), [200, "pong"]);
      const underWay = Array.from({ length: 15 }, () => call("wait", '{"seconds": 5}'));
      await asOwner(port, (sql) => untilSleeping(sql, 10));
      await server.kill();
      for (const [status] of await Promise.all(underWay)) assert.equal(status, 503);
      assert.deepEqual(await call("ping"), [503, "PGRST000"]);
      server = await startPostgres({ folder, port });
      const answers = await Promise.all(Array.from({ length: 15 }, () => call("ping")));
      assert.deepEqual(new Set(answers.map(String)), new Set(["200,pong"]));
      await asOwner(
        port,
        (sql) => sql`create function later() returns int language sql as 'select 1'`,
      );
      const deadline = Date.now() + 5_000;
      while ((await call("later"))[0] !== 200) assert.ok(Date.now() < deadline, "no reload");
    } finally {
      await gateway.stop();
    }
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a gateway that starts before its database says PGRST002", async () => {
  const gateway = await startGateway({
    port: 0,
    databaseUrl: databaseUrl(freePort(), "postgres", "authenticator"),
  });
  try {
    const { status, json, headers } = await post(gateway.url, "ping", "{}");
    assert.deepEqual([status, codeOf(json)], [503, "PGRST002"]);
    assert.equal(headers.get("retry-after"), "1");
  } finally {
    await gateway.stop();
  }
});

Deno.test("stop() does not wait for a call that takes long: it is 503", async () => {
  const gateway = await gatewayWith(FUNCTIONS);
  const cutOff = post(gateway.url, "wait", '{"seconds": 20}');
  await untilSleeping(gateway.sql, 1);
  const startedAt = performance.now();
  await gateway[Symbol.asyncDispose]();
  assert.equal((await cutOff).status, 503);
  assert.ok(performance.now() - startedAt < 10_000);
});

async function asOwner(port: number, work: (sql: postgres.Sql) => PromiseLike<unknown>) {
  const sql = postgres(databaseUrl(port), { max: 1, onnotice: () => {} });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
}

function codeOf(json: unknown): unknown {
  return typeof json === "object" && json !== null && "code" in json ? json.code : json;
}
