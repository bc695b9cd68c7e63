/**
 * One Postgres for all tests and one migrated database in it, which each test copies. The runner
 * (tests/main.ts) starts the cluster for all files; a file that runs alone starts its own.
 */
import { join } from "node:path";
import postgres from "postgres";
import { bootstrapDatabase, type DefaultPrivileges } from "../../local/bootstrap.ts";
import { applyMigrations } from "../../local/migrate.ts";
import { databaseUrl, startPostgres } from "../../local/postgres.ts";

export interface TestDatabase extends AsyncDisposable {
  name: string;
  /** For a role that may log in; without one: `postgres`, who owns everything. */
  url(role?: string): string;
  /** Ends every session in it and removes it. */
  drop(): Promise<void>;
}

export interface TestCluster {
  port: number;
  stop(): Promise<void>;
  /** Stops without leaving the current turn of the event loop, for when there is no next one. */
  stopNow(): void;
}

/** Where the runner tells its children which port the cluster listens on. */
export const PORT_VARIABLE = "SWITCHBOARD_TEST_POSTGRES_PORT";

const MIGRATIONS = new URL("../../supabase/migrations", import.meta.url).pathname;
const TEMPLATES = { "2026": "template_switchboard", older: "template_switchboard_older" };
const STOP_TIMEOUT_MS = 10_000;

let ownCluster: Promise<number> | undefined;
// At once, not in the first test: a process which a test starts must end with it.
if (
  !Deno.env.has(PORT_VARIABLE) && Deno.mainModule !== new URL("../main.ts", import.meta.url).href
) {
  ownCluster = startOwnCluster();
  await ownCluster;
}

/** A new database, migrated, empty and for the caller alone. `await using` drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const port = ownCluster ? await ownCluster : Number(Deno.env.get(PORT_VARIABLE));
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await asSuperuser(
    port,
    "postgres",
    (sql) => sql`create database ${sql(name)} template ${sql(TEMPLATES["2026"])} owner postgres`,
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

/** A cluster with the migrated template, in a temporary folder that goes when it stops. */
export async function startTestCluster(progress?: (text: string) => void): Promise<TestCluster> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_test_" });
  const server = await startPostgres({ folder, port: freePort(), ...(progress && { progress }) });
  const cluster = {
    port: server.port,
    async stop() {
      await server.stop();
      await Deno.remove(folder, { recursive: true });
    },
    stopNow() {
      void server.stop(); // Its signal leaves at once; the rest of it has no time to happen.
      waitUntilGone(join(folder, "cluster/postmaster.pid"));
      Deno.removeSync(folder, { recursive: true });
    },
  };
  try {
    await createTemplate(server.port, "2026");
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** Makes the migrated database that is copied, under these default privileges; gives its name. */
export async function createTemplate(port: number, rights: DefaultPrivileges): Promise<string> {
  const name = TEMPLATES[rights];
  await asSuperuser(port, "postgres", (sql) => sql`create database ${sql(name)}`);
  await bootstrapDatabase(databaseUrl(port, name, "supabase_admin"), { defaultPrivileges: rights });
  await applyMigrations(databaseUrl(port, name), MIGRATIONS);
  return name;
}

async function startOwnCluster(): Promise<number> {
  const cluster = await startTestCluster();
  addEventListener("unload", () => cluster.stopNow());
  return cluster.port;
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

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
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
