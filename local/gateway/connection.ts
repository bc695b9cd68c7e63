/**
 * One connection to the database and the transactions on it. Each has a client of its own with
 * `max: 1`: the client's pool and its `begin` write to a connection that was lost, which ends the
 * process, and move waiting statements to a new connection, outside of their transaction.
 */
import postgres from "postgres";
import { ApiError } from "./api_error.ts";

export interface Transaction {
  access: "read write" | "read only";
  /** Postgres' own words, `read committed` by default. */
  isolation: string;
  /** Set for the transaction, in this order, before the statement. */
  settings: [name: string, value: string][];
  statement: string;
  parameters: string[];
  /** Looks at the result before the commit; what it throws rolls back. */
  check?: (row: Row) => void;
}

/** The one row that the statement of a transaction gives back. */
export type Row = Record<string, string | number | null>;

/** How long the server may take to answer a new connection, in seconds. */
const CONNECT_TIMEOUT_SECONDS = 5;

/** An array keeps the order: the role must come after its own settings. */
const SET_ALL = `select pg_catalog.count(
  pg_catalog.set_config(setting ->> 0, setting ->> 1, true)
) from pg_catalog.json_array_elements($1::text::json) as setting`;

export class Connection {
  #sql: postgres.Sql;
  #lost = false;
  /** Statements that the server has prepared on this connection. */
  #prepared = new Set<string>();

  private constructor(url: string) {
    this.#sql = postgres(url, {
      max: 1,
      connect_timeout: CONNECT_TIMEOUT_SECONDS,
      max_lifetime: null,
      fetch_types: false,
      onnotice: () => {},
      onclose: () => this.#lost = true,
      connection: { application_name: "gateway" },
    });
  }

  /** Connects, and prepares what every transaction needs. Throws when the database is away. */
  static async open(url: string): Promise<Connection> {
    const connection = new Connection(url);
    try {
      await connection.#query(SET_ALL, ["[]"]);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Whether the connection can no longer be used; then it must only be closed. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Runs the transaction and gives back its row. Throws what the database or `check` said. */
  async transaction(transaction: Transaction): Promise<Row> {
    const { statement, check } = transaction;
    const steps = this.#stepsOf(transaction);
    try {
      // Only a prepared statement may be sent ahead: the client keeps others back until the server
      // has described them, and would send them on a new connection should this one be lost.
      const together = this.#prepared.has(statement) && !check;
      return await (together ? this.#runTogether(steps) : this.#runInTurn(steps, check));
    } catch (error) {
      if (endsConnection(error)) this.#lost = true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 1 }).catch(() => {});
  }

  #stepsOf({ access, isolation, settings, statement, parameters }: Transaction): Steps {
    return [
      () => this.#command(`begin isolation level ${isolation} ${access}`),
      () => this.#query(SET_ALL, [JSON.stringify(settings)]),
      () => this.#query(statement, parameters),
      () => this.#command("commit"),
    ];
  }

  /** One round trip. After an error the server refuses the rest, and `commit` rolls back. */
  async #runTogether(steps: Steps): Promise<Row> {
    const results = await Promise.allSettled(steps.map((step) => step()));
    const failure = results.find((result) => result.status === "rejected");
    if (failure) throw failure.reason;
    return rowOf((results[2] as PromiseFulfilledResult<postgres.RowList<Row[]>>).value);
  }

  async #runInTurn([begin, set, call, commit]: Steps, check?: (row: Row) => void): Promise<Row> {
    try {
      await begin();
      await set();
      const row = rowOf(await call());
      check?.(row);
      await commit();
      return row;
    } catch (error) {
      if (!endsConnection(error) && !this.#lost) await this.#command("rollback");
      throw error;
    }
  }

  async #query(statement: string, parameters: string[]): Promise<postgres.RowList<Row[]>> {
    if (this.#lost) throw new Error("the connection was lost");
    const rows = await this.#sql.unsafe<Row[]>(statement, parameters, {
      prepare: true,
      simple: false,
    } as postgres.UnsafeQueryOptions);
    this.#prepared.add(statement);
    return rows;
  }

  async #command(text: string): Promise<postgres.RowList<Row[]>> {
    if (this.#lost) throw new Error("the connection was lost");
    return await this.#sql.unsafe<Row[]>(text);
  }
}

type Step = () => Promise<postgres.RowList<Row[]>>;
type Steps = [begin: Step, set: Step, call: Step, commit: Step];

function rowOf(rows: Row[]): Row {
  if (!rows[0]) throw new Error("the statement gave no row");
  return rows[0];
}

/** Whatever is not the server's plain ERROR: a broken socket, a server that ends the session. */
function endsConnection(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity !== "ERROR";
  return !(error instanceof ApiError);
}
