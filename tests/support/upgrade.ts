/** Upgrades a database of a released version, with data in it, and says what is not as it should be. */
import { join } from "node:path";
import postgres from "postgres";
import { bootstrapDatabase } from "../../local/bootstrap.ts";
import { applyMigrations } from "../../local/migrate.ts";
import { databaseUrl } from "../../local/postgres.ts";
import { changedSince, Manifest } from "../../local/release/manifest.ts";
import { createTestDatabase } from "./test_cluster.ts";

/** Every object of ours, a line each: what an upgrade must bring to where a new installation is. */
const OBJECTS = `
  with ours as (select oid, nspname from pg_namespace where nspname in ('public', 'cc_private'))
  select line from (
    select 'function ' || pg_get_functiondef(f.oid) || coalesce(f.proacl::text, '') as line
    from pg_proc as f where f.pronamespace in (select oid from ours) and f.prokind in ('f', 'p')
    union all
    select format('column %s.%s %s not null %s default %s', a.attrelid::regclass, a.attname,
      format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
    from pg_attribute as a join pg_class as c on c.oid = a.attrelid
    left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace in (select oid from ours) and c.relkind in ('r', 'c', 'v')
      and a.attnum > 0 and not a.attisdropped
    union all
    select format('table %s rights %s rls %s', c.oid::regclass, c.relacl, c.relrowsecurity)
    from pg_class as c where c.relnamespace in (select oid from ours) and c.relkind = 'r'
    union all
    select format('constraint %s on %s %s', k.conname, k.conrelid::regclass, pg_get_constraintdef(k.oid))
    from pg_constraint as k where k.connamespace in (select oid from ours)
    union all
    select pg_get_indexdef(i.indexrelid) from pg_index as i join pg_class as c on c.oid = i.indrelid
    where c.relnamespace in (select oid from ours)
    union all
    select pg_get_triggerdef(t.oid) from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
    where c.relnamespace in (select oid from ours) and not t.tgisinternal
    union all
    select format('policy %s on %s', p.polname, p.polrelid::regclass) from pg_policy as p
    union all
    select format('job %s %s %s', jobname, schedule, command) from cron.job
  ) as objects order by line`;

export interface Upgrade {
  /** Holds `manifest.json` and `data.sql`. */
  release: string;
  /** The newest migrations. */
  migrations: string;
}

/** What is wrong, in sentences; empty when the upgrade loses and changes nothing. */
export async function tryUpgrade({ release, migrations }: Upgrade): Promise<string[]> {
  const manifest = Manifest.parse(
    JSON.parse(await Deno.readTextFile(join(release, "manifest.json"))),
  );
  const changed = await changedSince(manifest, migrations);
  if (changed.length > 0) return changed.map((name) => `${name} was changed after its release`);
  await using place = await emptyDatabases();
  const [upgraded, fresh] = [await place.create(), await place.create()];
  await withCopyOf(migrations, Object.keys(manifest.migrations), async (folder) => {
    await applyMigrations(upgraded, folder);
  });
  const sql = postgres(upgraded, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(await Deno.readTextFile(join(release, "data.sql"))).simple();
    const before = await rowCounts(sql);
    await applyMigrations(upgraded, migrations);
    await applyMigrations(fresh, migrations);
    return [
      ...await lostRows(sql, before),
      ...await brokenAudit(sql),
      ...await differences(upgraded, fresh),
    ];
  } finally {
    await sql.end();
  }
}

type Counts = Map<string, number>;

async function rowCounts(sql: postgres.Sql): Promise<Counts> {
  const tables = await sql`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' and tablename like 'cc\\_%'`;
  const counts: Counts = new Map();
  for (const { name } of tables) {
    const [row] = await sql.unsafe(`select count(*)::integer as count from ${name}`);
    counts.set(name, row?.["count"]);
  }
  return counts;
}

async function lostRows(sql: postgres.Sql, before: Counts): Promise<string[]> {
  const after = await rowCounts(sql);
  return [...before].filter(([table, count]) => (after.get(table) ?? 0) < count)
    .map(([table, count]) => `${table} had ${count} rows and has ${after.get(table) ?? "gone"}`);
}

async function brokenAudit(sql: postgres.Sql): Promise<string[]> {
  const [row] = await sql`select public.verify_audit_chain() as said`;
  const { outcome, problems } = row?.["said"] ?? {};
  return outcome === "intact" ? [] : [`the audit is ${outcome}: ${JSON.stringify(problems)}`];
}

async function differences(upgraded: string, fresh: string): Promise<string[]> {
  const [is, ought] = [await objectsIn(upgraded), await objectsIn(fresh)];
  return [
    ...[...ought].filter((line) => !is.has(line)).map((line) => `the upgrade lacks: ${line}`),
    ...[...is].filter((line) => !ought.has(line)).map((line) => `the upgrade keeps: ${line}`),
  ];
}

async function objectsIn(url: string): Promise<Set<string>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return new Set((await sql.unsafe(OBJECTS)).map((row) => row["line"]));
  } finally {
    await sql.end();
  }
}

async function withCopyOf(
  migrations: string,
  names: string[],
  work: (folder: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_release_" });
  try {
    for (const name of names) await Deno.copyFile(join(migrations, name), join(folder, name));
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Databases as a fresh project has them, in the cluster of the tests. */
async function emptyDatabases() {
  const known = await createTestDatabase();
  const port = Number(new URL(known.url()).port);
  const admin = postgres(databaseUrl(port, "postgres", "supabase_admin"), {
    max: 1,
    onnotice: () => {},
  });
  const names: string[] = [];
  return {
    async create() {
      const name = `upgrade_${crypto.randomUUID().replaceAll("-", "")}`;
      names.push(name);
      await admin`create database ${admin(name)} owner postgres`;
      const superuser = databaseUrl(port, name, "supabase_admin");
      await bootstrapDatabase(superuser, { defaultPrivileges: "2026" });
      return databaseUrl(port, name);
    },
    async [Symbol.asyncDispose]() {
      for (const name of names) {
        await admin`drop database if exists ${admin(name)} with (force)`;
      }
      await admin.end();
      await known.drop();
    },
  };
}
