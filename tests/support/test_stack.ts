/** A whole local stack on a database of its own, for the journeys. */
import postgres from "postgres";
import { freePort } from "../../local/free_port.ts";
import type { Environment } from "../../local/function_environment.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { createTestDatabase } from "./test_cluster.ts";

export interface TestStack extends AsyncDisposable {
  stack: Stack;
  /** The database as its owner, `postgres`. */
  sql: postgres.Sql;
  /** What the functions printed, a line each: `name: {"at":…}`. */
  lines: string[];
}

/** Starts functions, gateway, workers and simulators on free ports. */
export async function startTestStack(settings: Environment = {}): Promise<TestStack> {
  await using starting = new AsyncDisposableStack();
  const database = starting.use(await createTestDatabase());
  const lines: string[] = [];
  const stack = starting.use(
    await startStack({
      databaseUrl: (role) => database.url(role),
      ports: { gateway: freePort(), twilio: freePort(), openai: freePort() },
      settings: { AGENTS: "rules", ...settings },
      log: (name, line) => lines.push(`${name}: ${line}`),
    }),
  );
  const sql = postgres(database.url(), { max: 5, onnotice: () => {} });
  starting.defer(() => sql.end());
  const started = starting.move();
  return { stack, sql, lines, [Symbol.asyncDispose]: () => started.disposeAsync() };
}
