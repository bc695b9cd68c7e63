/**
 * The database of a test. The runner (tests/main.ts) starts one cluster for all files; a file that
 * runs alone starts its own.
 */
import {
  copyTemplate,
  PORT_VARIABLE,
  startMigratedCluster,
  type TestDatabase,
} from "./migrated_cluster.ts";

export type { TestDatabase };

// At once, not in the first test: a process which a test starts must end with it.
const port = Number(Deno.env.get(PORT_VARIABLE)) || await startOwnCluster();

/** A new database, migrated, empty and for the caller alone. `await using` drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await copyTemplate(port, "2026");
}

async function startOwnCluster(): Promise<number> {
  const cluster = await startMigratedCluster();
  addEventListener("unload", () => cluster.stopNow());
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      cluster.stopNow();
      Deno.kill(Deno.pid, "SIGKILL"); // A test may not call `Deno.exit()`.
    });
  }
  return cluster.port;
}
