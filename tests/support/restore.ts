/** Takes a backup of a stack's database, and puts it back, while the stack goes on running. */
import postgres from "postgres";
import { databaseUrl } from "../../local/postgres.ts";

/** A copy of the database as it was at a time. `await using` drops it, unless it was put back. */
export interface Backup extends AsyncDisposable {
  takenAt: Date;
  /** Changes the copy, as its owner. */
  inCopy(work: (sql: postgres.Sql) => Promise<unknown>): Promise<void>;
  /** Puts the copy in the place of the database. What came since is gone. */
  restore(): Promise<void>;
}

/** Copies the database that this pool is connected to; every session in it ends. */
export async function takeBackup(sql: postgres.Sql): Promise<Backup> {
  const [found] = await sql`
    select current_database() as name, clock_timestamp() as taken_at`;
  const { name, taken_at: takenAt } = found as { name: string; taken_at: Date };
  const port = Number(sql.options.port);
  const copy = `${name}_backup`;
  const admin = postgres(databaseUrl(port, "postgres", "supabase_admin"), {
    max: 1,
    onnotice: () => {},
  });
  await whileNobodyIsIn(admin, name, async () => {
    await admin`create database ${admin(copy)} template ${admin(name)} owner postgres`;
  });
  return {
    takenAt,
    async inCopy(work) {
      const inside = postgres(databaseUrl(port, copy), { max: 1, onnotice: () => {} });
      await work(inside).finally(() => inside.end());
    },
    async restore() {
      await whileNobodyIsIn(admin, name, async () => {
        await admin`drop database ${admin(name)} with (force)`;
        await admin`alter database ${admin(copy)} rename to ${admin(name)}`;
      });
    },
    async [Symbol.asyncDispose]() {
      await admin`drop database if exists ${admin(copy)} with (force)`;
      await admin.end();
    },
  };
}

async function whileNobodyIsIn(admin: postgres.Sql, name: string, work: () => Promise<void>) {
  await admin`alter database ${admin(name)} with allow_connections false`;
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`;
  try {
    await work();
  } finally {
    await admin`alter database ${admin(name)} with allow_connections true`;
  }
}
