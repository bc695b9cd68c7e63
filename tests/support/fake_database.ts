/**
 * A `Database` in memory, for tests without a network. It behaves as the SQL functions do; the
 * conformance suite runs the same cases against both, so that it stays so.
 */
import type { Database } from "../../supabase/functions/_shared/database.ts";
import { ingestFunctions } from "./fake_database/ingest.ts";
import { operationsFunctions } from "./fake_database/operations.ts";
import { sendFunctions } from "./fake_database/sends.ts";
import { settleFunctions } from "./fake_database/settle.ts";
import { emptyState, type FakeSettings, type State } from "./fake_database/state.ts";
import { turnFunctions } from "./fake_database/turns.ts";

export interface FakeDatabase extends Database {
  /** What is stored; a test may look at it and change it. */
  state: State;
  /** Every call so far, by the method's name, those that failed included. */
  calls: (keyof Database)[];
  /** While set, every call is recorded and then throws this, or what this gives for it. */
  failure: Error | ((name: keyof Database) => Error | undefined) | undefined;
}

/** An empty database; `now` is its clock in milliseconds since 1970. */
export function createFakeDatabase(
  { now = Date.now, settings = {} }: { now?: () => number; settings?: Partial<FakeSettings> } = {},
): FakeDatabase {
  const state = emptyState(now);
  Object.assign(state.settings, settings);
  const functions = {
    ...ingestFunctions(state),
    ...turnFunctions(state),
    ...sendFunctions(state),
    ...settleFunctions(state),
    ...operationsFunctions(state),
  };
  const database = { ...functions, state, calls: [], failure: undefined } as FakeDatabase;
  for (const name of Object.keys(functions) as (keyof Database)[]) {
    recordCalls(database, name);
  }
  return database;
}

function recordCalls<Name extends keyof Database>(database: FakeDatabase, name: Name): void {
  const call = database[name] as (...parameters: unknown[]) => Promise<unknown>;
  const recorded = async (...parameters: unknown[]) => {
    database.calls.push(name);
    const { failure } = database;
    const error = typeof failure === "function" ? failure(name) : failure;
    if (error) throw error;
    // As over a network: what is given and what comes back are copies.
    return structuredClone(await call(...parameters.map((value) => structuredClone(value))));
  };
  database[name] = recorded as FakeDatabase[Name];
}
