/** A migrated database for benchmarks, in a Postgres of its own with its durability as it comes. */
import postgres from "postgres";
import { FLAG } from "../../local/pg_net/doorbell.ts";
import { storeSecrets } from "../../local/vault.ts";
import { copyTemplate, startMigratedCluster } from "../support/migrated_cluster.ts";

export interface BenchDatabase {
  url(role?: string): string;
  /** As the superuser: preparing and tidying up are not measured. */
  admin: postgres.Sql;
}

/** Nobody listens there: what is rung stays in pg_net's queue, unless a worker runs. */
const SECRETS = {
  orchestrator_url: "http://127.0.0.1:9/functions/v1/orchestrator",
  orchestrator_key: "bench",
  sync_url: "http://127.0.0.1:9/functions/v1/twilio-sync",
  sync_key: "bench",
  media_url: "http://127.0.0.1:9/functions/v1/media",
  media_key: "bench",
};

/** Starts a cluster with one migrated database that has its secrets. */
export async function startBenchDatabase(): Promise<BenchDatabase & AsyncDisposable> {
  const databases = await startBenchDatabases(["one"]);
  return { ...databases.byName.one, [Symbol.asyncDispose]: () => databases[Symbol.asyncDispose]() };
}

/** The same with several databases, side by side in one cluster. */
export async function startBenchDatabases<Name extends string>(
  names: Name[],
): Promise<AsyncDisposable & { byName: Record<Name, BenchDatabase> }> {
  await using starting = new AsyncDisposableStack();
  const cluster = await startMigratedCluster({ onDisk: true });
  starting.defer(() => cluster.stop());
  const byName = {} as Record<Name, BenchDatabase>;
  for (const name of names) {
    const database = await copyTemplate(cluster.port, "2026");
    await storeSecrets(database.url(), SECRETS);
    const admin = postgres(database.url("supabase_admin"), { max: 1, onnotice: () => {} });
    starting.defer(() => admin.end());
    // As under load, where pg_net's worker is awake. Asleep it would be notified, and a notification
    // lets one transaction commit at a time, which the real one's latch does not.
    await admin`select pg_advisory_lock(${FLAG}::bigint)`;
    byName[name] = { url: (role) => database.url(role), admin };
  }
  const all = starting.move();
  return { byName, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
