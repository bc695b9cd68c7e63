/**
 * A Postgres of its own for tests, thrown away afterwards, with a migrated database that tests copy
 * in place of migrating. Postgres keeps its settings of durability, as outside tests.
 */
import { join } from "node:path";
import postgres from "postgres";
import { bootstrapDatabase, type DefaultPrivileges } from "../../local/bootstrap.ts";
import { freePort } from "../../local/free_port.ts";
import { applyMigrations } from "../../local/migrate.ts";
import { databaseUrl, startPostgres } from "../../local/postgres.ts";
import { makeMemoryFolder } from "./memory_folder.ts";

export interface TestDatabase extends AsyncDisposable {
  name: string;
  /** For a role that may log in; without one: `postgres`, who owns everything. */
  url(role?: string): string;
  /** Ends every session in it and removes it. */
  drop(): Promise<void>;
}

export interface MigratedCluster {
  port: number;
  stop(): Promise<void>;
  /** Stops without leaving the current turn of the event loop, for when there is no next one. */
  stopNow(): void;
}

/** Where the runner tells its children which port the cluster of all of them listens on. */
export const PORT_VARIABLE = "SWITCHBOARD_TEST_POSTGRES_PORT";

const MIGRATIONS = new URL("../../supabase/migrations", import.meta.url).pathname;
const TEMPLATES = { "2026": "template_switchboard", older: "template_switchboard_older" };
const STOP_TIMEOUT_MS = 10_000;

/**
 * A cluster with the migrated template, in a temporary folder that goes when it stops; its data is
 * in memory where there is enough, unless what is measured is the disk.
 */
export async function startMigratedCluster(
  { progress, onDisk = false }: { progress?: (text: string) => void; onDisk?: boolean } = {},
): Promise<MigratedCluster> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_test_" });
  const memory = onDisk ? undefined : await makeMemoryFolder();
  if (memory) await Deno.symlink(memory, join(folder, "cluster"));
  const folders = memory ? [folder, memory] : [folder];
  const remove = async () => {
    for (const each of folders) await Deno.remove(each, { recursive: true });
  };
  const options = { folder, port: freePort(), ...(progress && { progress }) };
  const server = await startPostgres(options).catch(async (error) => {
    await remove();
    throw error;
  });
  const cluster = {
    port: server.port,
    async stop() {
      await server.stop();
      await remove();
    },
    stopNow() {
      void server.stop(); // Its signal leaves at once; the rest of it has no time to happen.
      waitUntilGone(join(folder, "cluster/postmaster.pid"));
      for (const each of folders) Deno.removeSync(each, { recursive: true });
    },
  };
  try {
    await createTemplate(server.port, "2026");
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Makes the migrated database that is copied, under these default privileges. */
export async function createTemplate(port: number, rights: DefaultPrivileges): Promise<void> {
  const name = TEMPLATES[rights];
  await asSuperuser(port, "postgres", (sql) => sql`create database ${sql(name)}`);
  await bootstrapDatabase(databaseUrl(port, name, "supabase_admin"), { defaultPrivileges: rights });
  await applyMigrations(databaseUrl(port, name), MIGRATIONS);
}

/** A copy of the migrated database, for the caller alone. `await using` drops it. */
export async function copyTemplate(port: number, rights: DefaultPrivileges): Promise<TestDatabase> {
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await asSuperuser(
    port,
    "postgres",
    (sql) => sql`create database ${sql(name)} template ${sql(TEMPLATES[rights])} owner postgres`,
  );
  await moveJobs(port, name);
  const drop = () => dropDatabase(port, name);
  return {
    name,
    url: (role) => databaseUrl(port, name, role),
    drop,
    [Symbol.asyncDispose]: drop,
  };
}

/** pg_cron keeps the name of the database in each job: in the copy it still names the template. */
async function moveJobs(port: number, name: string) {
  await asSuperuser(port, name, async (sql) => {
    const [found] = await sql`select to_regclass('cron.job') is not null as has_jobs`;
    if (found?.has_jobs) await sql`update cron.job set database = ${name}, nodeport = ${port}`;
  });
}

async function dropDatabase(port: number, name: string) {
  await asSuperuser(
    port,
    "postgres",
    (sql) => sql`drop database if exists ${sql(name)} with (force)`,
  );
}

async function asSuperuser<T>(
  port: number,
  database: string,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const sql = postgres(databaseUrl(port, database, "supabase_admin"), {
    max: 1,
    onnotice: () => {},
  });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

function waitUntilGone(path: string) {
  const [deadline, never] = [
    Date.now() + STOP_TIMEOUT_MS,
    new Int32Array(new SharedArrayBuffer(4)),
  ];
  while (Date.now() < deadline) {
    try {
      Deno.statSync(path);
    } catch {
      return;
    }
    Atomics.wait(never, 0, 0, 20);
  }
}
