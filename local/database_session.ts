/**
 * One connection to the database that is used for one query after the other, and never again once
 * it is lost. The driver would connect anew by itself: then the rest of a transaction would run
 * outside it, locks and `listen` would be gone unnoticed; and a query written to a connection that
 * is just closing throws in the driver (3.4.9) where nobody can catch it.
 */
import postgres from "postgres";

export interface SessionOptions {
  applicationName: string;
  onNotify?: (channel: string, payload: string) => void;
}

export interface DatabaseSession {
  /** Aborted when the connection is gone, by `end()` too. */
  lost: AbortSignal;
  /** Makes this query when earlier ones are done; rejects when it fails or the connection is lost. */
  run<T>(query: (sql: postgres.Sql) => PromiseLike<T>): Promise<T>;
  /** Closes at once; Postgres rolls back what is not committed. */
  end(): Promise<void>;
}

const CONNECT_TIMEOUT_SECONDS = 5;

/** Connects; rejects when the database cannot be reached. */
export async function openSession(url: string, options: SessionOptions): Promise<DatabaseSession> {
  const lost = new AbortController();
  const sql = postgres(url, {
    max: 1,
    max_lifetime: null,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    fetch_types: false,
    onnotice: () => {},
    ...(options.onNotify && { onnotify: options.onNotify }),
    onclose: () => void end(),
    connection: { application_name: options.applicationName },
  });
  let last: Promise<unknown> = Promise.resolve();

  async function run<T>(query: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> {
    const mine = last.then(() => {
      lost.signal.throwIfAborted();
      return query(sql);
    });
    last = mine.catch(() => {});
    return await mine;
  }

  async function end() {
    lost.abort(new Error("The connection to the database is lost"));
    await sql.end({ timeout: 0 });
  }

  try {
    await run((sql) => sql`select 1`);
    return { lost: lost.signal, run, end };
  } catch (error) {
    await end();
    throw error;
  }
}
