import assert from "node:assert/strict";
import postgres from "postgres";
import { bootstrapDatabase, type DefaultPrivileges } from "../../local/bootstrap.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

Deno.test("a fresh database has the platform's roles", async () => {
  await using database = await openDatabase();
  const roles = await database.sql`
    select rolname, rolsuper, rolcanlogin, rolinherit, rolbypassrls, rolcreaterole
    from pg_roles
    where rolname in ('postgres', 'anon', 'authenticated', 'service_role', 'authenticator')
    order by rolname`;
  const flags = roles.map(({ rolname, ...has }) => [
    rolname,
    ...Object.keys(has).filter((key) => has[key]),
  ]);
  assert.deepEqual(flags, [
    ["anon", "rolinherit"],
    ["authenticated", "rolinherit"],
    ["authenticator", "rolcanlogin"],
    ["postgres", "rolcanlogin", "rolinherit", "rolbypassrls", "rolcreaterole"],
    ["service_role", "rolinherit", "rolbypassrls"],
  ]);
});

Deno.test("each role that may log in has its settings", async () => {
  await using database = await openDatabase();
  const settings = (role: string) =>
    database.as(role, async (sql) => {
      const [row] = await sql`
        select
          current_setting('statement_timeout') as statement,
          current_setting('lock_timeout') as lock,
          current_setting('search_path') as path`;
      return { ...row };
    });
  assert.deepEqual(await settings("authenticator"), {
    statement: "8s",
    lock: "8s",
    path: '"$user", public',
  });
  assert.deepEqual(await settings("postgres"), {
    statement: "2min",
    lock: "0",
    path: '"$user", public, extensions',
  });
});

for (
  const [rights, read, name] of [
    [
      "2026",
      false,
      "since 2026 a new table is closed to the API's roles, and a function open to PUBLIC",
    ],
    ["older", true, "in older projects a new table is open to the API's roles"],
  ] as const
) {
  Deno.test(name, async () => {
    await using database = await bareDatabase(rights);
    await database.sql.unsafe(FRESH).simple();
    assert.deepEqual(await rightsOfFresh(database.sql), { read, truncate: true, execute: true });
  });
}

Deno.test("after our migrations a new table and a new function are closed", async () => {
  await using database = await openDatabase();
  await database.sql.unsafe(FRESH).simple();
  const closed = { read: false, truncate: false, execute: false };
  assert.deepEqual(await rightsOfFresh(database.sql), closed);
});

const FRESH = `
  create table public.fresh (id int);
  create function public.fresh() returns int language sql return 1;
`;

async function rightsOfFresh(sql: postgres.Sql) {
  const [rights] = await sql`
    select
      has_table_privilege('service_role', 'public.fresh', 'select') as read,
      has_table_privilege('anon', 'public.fresh', 'truncate') as truncate,
      has_function_privilege('anon', 'public.fresh()', 'execute') as execute`;
  return { ...rights };
}

/** What the platform gives, before any migration; `sql` is its owner's. */
async function bareDatabase(rights: DefaultPrivileges) {
  await using starting = new AsyncDisposableStack();
  const neighbour = starting.use(await createTestDatabase());
  const name = `bare_${crypto.randomUUID().replaceAll("-", "")}`;
  const url = (role?: string) => neighbour.url(role).replace(neighbour.name, name);
  const admin = postgres(neighbour.url("supabase_admin"), { max: 1, onnotice: () => {} });
  starting.defer(() => admin.end());
  await admin`create database ${admin(name)}`;
  starting.defer(async () => void await admin`drop database ${admin(name)} with (force)`);
  await bootstrapDatabase(url("supabase_admin"), { defaultPrivileges: rights });
  const sql = postgres(url(), { max: 1, onnotice: () => {} });
  starting.defer(() => sql.end());
  const all = starting.move();
  return { sql, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

Deno.test("a change of the schema tells the API to look again, a temporary table does not", async () => {
  await using database = await openDatabase();
  const heard: string[] = [];
  const { sql } = database;
  await sql.listen("pgrst", (payload) => heard.push(payload));
  await sql.listen("done", (payload) => heard.push(payload));
  await sql.unsafe("create temporary table passing (id int)");
  await sql.unsafe("create table public.fresh (id int)");
  await sql.unsafe("drop table public.fresh");
  const done = Promise.withResolvers<void>();
  await sql.listen("done", () => done.resolve());
  await sql.notify("done", "done");
  await done.promise;
  assert.deepEqual(heard, ["reload schema", "reload schema", "done"]);
});

Deno.test("the role that runs migrations may create the extensions, at the platform's versions", async () => {
  await using database = await openDatabase();
  const rows = await database.sql`
    select extname, extversion, extnamespace::regnamespace::text as schema
    from pg_extension
    where extname in ('pg_net', 'pg_cron', 'supabase_vault')
    order by extname`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [
    { extname: "pg_cron", extversion: "1.6.4", schema: "pg_catalog" },
    { extname: "pg_net", extversion: "0.20.4", schema: "extensions" },
    { extname: "supabase_vault", extversion: "0.3.1", schema: "vault" },
  ]);
});

Deno.test("what the extensions made belongs to the superuser and stays out of the API's reach", async () => {
  await using database = await openDatabase();
  const [rights] = await database.sql`
    select
      has_schema_privilege('anon', 'net', 'usage') as anon_net,
      has_table_privilege('anon', 'net.http_request_queue', 'truncate') as anon_truncates_queue,
      has_schema_privilege('anon', 'cron', 'usage') as anon_cron,
      has_schema_privilege('service_role', 'cron', 'usage') as service_cron,
      has_schema_privilege('authenticated', 'vault', 'usage') as authenticated_vault,
      has_table_privilege('service_role', 'vault.decrypted_secrets', 'select') as service_vault,
      has_table_privilege('postgres', 'cron.job', 'update') as postgres_updates_jobs,
      (select relowner::regrole::text from pg_class where oid = 'vault.secrets'::regclass) as owner`;
  assert.deepEqual({ ...rights }, {
    anon_net: true,
    anon_truncates_queue: true, // Also on the platform.
    anon_cron: false,
    service_cron: false,
    authenticated_vault: false,
    service_vault: true,
    postgres_updates_jobs: false,
    owner: "supabase_admin",
  });
});

Deno.test("net.http_post() refuses in the caller's transaction what pg_net refuses", async () => {
  await using database = await openDatabase();
  const post = (url: string | null, more = "") =>
    failure(database.sql.unsafe(`select net.http_post($1${more})`, [url]));
  const refusals = {
    "localhost:6666": "Unsupported URL scheme",
    "/x": "Bad scheme",
    "": "Bad scheme",
    "not a url": "Bad scheme",
    "http://h/a b": "Bad path",
    "http://h:99999": "Port number was not a decimal number between 0 and 65535",
  };
  for (const [url, reason] of Object.entries(refusals)) {
    assert.deepEqual(await post(url), ["XX000", `invalid URL "${url}": ${reason}`]);
  }
  assert.equal((await post(null))[0], "23502");
  assert.equal((await post("http://h", ", timeout_milliseconds => null"))[0], "23502");
  const charset = `, headers => '{"content-type": "application/json; charset=utf-8"}'`;
  assert.deepEqual(await post("http://h", charset), [
    "P0001",
    'Content-Type header must be "application/json"',
  ]);
});

Deno.test("net.http_post() queues the request as pg_net does", async () => {
  await using database = await openDatabase();
  const [queued] = await database.sql.begin(async (sql) => {
    await sql`
      select net.http_post('http://h:1', '{"x":1}', '{"z": 1, "q": "a b&ü"}', '{"X-A": "1"}')`;
    return await sql`
      select method, url, headers, convert_from(body, 'utf8') as body, timeout_milliseconds
      from net.http_request_queue`;
  });
  assert.deepEqual({ ...queued }, {
    method: "POST",
    url: "http://h:1/?q=a%20b%26%C3%BC&z=1",
    headers: { "X-A": "1", "Content-Type": "application/json" },
    body: '{"x": 1}',
    timeout_milliseconds: 5000,
  });
});

Deno.test("vault keeps a secret unreadable where it stands, and readable in its view", async () => {
  await using database = await openDatabase();
  const { sql } = database;
  const [made] = await sql`select vault.create_secret('grün', 'colour') as id`;
  const read = async () => {
    const [row] = await sql`select * from vault.decrypted_secrets where name = 'colour'`;
    return row!;
  };
  const first = await read();
  assert.equal(first.decrypted_secret, "grün");
  assert.ok(!atob(first.secret).includes("gr"));
  await sql`select vault.update_secret(${made!.id}, 'rot')`;
  const second = await read();
  assert.equal(second.decrypted_secret, "rot");
  assert.ok(second.updated_at > first.updated_at);
});

Deno.test("vault refuses what supabase_vault refuses", async () => {
  await using database = await openDatabase();
  const { sql } = database;
  await sql`select vault.create_secret('', 'taken')`;
  const code = async (text: string) => (await failure(sql.unsafe(text)))[0];
  assert.equal(await code("select vault.create_secret('x', 'taken')"), "23505");
  assert.equal(await code("select vault.create_secret(null)"), "23502");
  assert.equal(await code("select vault.create_secret('x', 'y', null)"), "23502");
  assert.deepEqual(await failure(sql`insert into vault.secrets (secret) values ('x')`), [
    "42501",
    "permission denied for function _crypto_aead_det_noncegen",
  ]);
  assert.deepEqual(await failure(sql`update vault.secrets set name = 'x'`), [
    "42501",
    "permission denied for table secrets",
  ]);
});

Deno.test("cron.schedule() takes pg_cron's schedules and refuses others in its words", async () => {
  await using database = await openDatabase();
  const { sql } = database;
  const taken = [
    "59 seconds",
    "1 second",
    "@hourly",
    "*/5 1-3,7 $ jan-mar,12 mon-fri",
    "0 0 * * 7",
  ];
  for (const schedule of taken) await sql`select cron.schedule(${schedule}, 'select 1')`;
  for (const schedule of ["61 seconds", "0 seconds", "* * * *", "60 * * * *", "@often", ""]) {
    const [code, message] = await failure(sql`select cron.schedule(${schedule}, 'select 1')`);
    assert.deepEqual([code, message], ["22023", `invalid schedule: ${schedule}`]);
  }
});

Deno.test("cron.schedule() by name changes the job in place and leaves it switched off", async () => {
  await using database = await openDatabase();
  const { sql } = database;
  const [first] = await sql`select cron.schedule('sweep', '@daily', 'select 1') as id`;
  await sql`select cron.alter_job(${first!.id}, active => false)`;
  const [second] = await sql`select cron.schedule('sweep', '@hourly', 'select 2') as id`;
  assert.equal(second!.id, first!.id);
  const [job] = await sql`
    select schedule, command, active, username, database from cron.job where jobname = 'sweep'`;
  assert.deepEqual({ ...job }, {
    schedule: "@hourly",
    command: "select 2",
    active: false,
    username: "postgres",
    database: database.name,
  });
  const unknown = failure(sql`select cron.unschedule('nope')`);
  assert.deepEqual(await unknown, ["XX000", "could not find valid entry for job 'nope'"]);
});

/** A migrated database in which the extensions exist, also while no migration makes them. */
async function openDatabase() {
  const database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 2, onnotice: () => {} });
  await sql`create extension if not exists pg_net with schema extensions`;
  await sql`create extension if not exists pg_cron with schema pg_catalog`;
  await sql`create extension if not exists supabase_vault`;
  return {
    name: database.name,
    sql,
    async as<T>(role: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
      const other = postgres(database.url(role), { max: 1 });
      return await work(other).finally(() => other.end());
    },
    async [Symbol.asyncDispose]() {
      await sql.end();
      await database.drop();
    },
  };
}

/** SQLSTATE and message of a query that must fail. */
async function failure(query: PromiseLike<unknown>): Promise<[string, string]> {
  try {
    await query;
  } catch (error) {
    if (error instanceof postgres.PostgresError) return [error.code, error.message];
    throw error;
  }
  throw new Error("The query did not fail");
}
