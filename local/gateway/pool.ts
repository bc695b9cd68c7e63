/** Hands out connections to the database, PostgREST's ten at most. */
import { ApiError } from "./api_error.ts";
import { Connection } from "./connection.ts";
import { noConnection } from "./database_error.ts";

export interface PoolOptions {
  /** PostgREST's default is 10. */
  size?: number;
  /** How long a request waits for its turn; PostgREST's default is 10 s. */
  acquisitionTimeoutMs?: number;
}

export class Pool {
  #url: string;
  #free: number;
  #timeoutMs: number;
  #open = new Set<Connection>();
  #idle: Connection[] = [];
  #waiting = new Set<() => void>();

  constructor(url: string, { size = 10, acquisitionTimeoutMs = 10_000 }: PoolOptions = {}) {
    this.#url = url;
    this.#free = size;
    this.#timeoutMs = acquisitionTimeoutMs;
  }

  /**
   * Runs `work` with a connection of its own. Throws ApiError PGRST003 (504) when none came free
   * in time, PGRST000 (503) when the database is away, and what `work` throws.
   */
  async use<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    await this.#takeTurn();
    try {
      const connection = await this.#connect();
      try {
        return await work(connection);
      } finally {
        if (connection.lost) this.#discard(connection);
        else this.#idle.push(connection);
      }
    } finally {
      this.#passTurn();
    }
  }

  /** Closes every connection; a call still under way has a second. */
  async stop(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()));
  }

  async #connect(): Promise<Connection> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (!idle.lost) return idle;
      this.#discard(idle);
    }
    try {
      const connection = await Connection.open(this.#url);
      this.#open.add(connection);
      return connection;
    } catch (error) {
      throw noConnection(error);
    }
  }

  #discard(connection: Connection) {
    this.#open.delete(connection);
    void connection.close();
  }

  async #takeTurn(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(noTurn());
    }, this.#timeoutMs);
    await promise.finally(() => clearTimeout(timer));
  }

  #passTurn() {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

function noTurn(): ApiError {
  return new ApiError(504, "PGRST003", "Timed out acquiring connection from connection pool.");
}
