/** A Postgres that can be killed, stopped and started again, on the same folder and port. */
import { setTimeout as delay } from "node:timers/promises";
import { type PostgresOptions, type PostgresServer, startPostgres } from "./postgres.ts";

/** What others may do to the database; each resolves when it is done. */
export interface PostgresHandle {
  /** SIGKILL to the postmaster, as a machine that loses power. */
  kill(): Promise<void>;
  /** Ends every session and stops; it stays down. */
  stop(): Promise<void>;
  /** Takes connections again; nothing where it runs already. */
  start(): Promise<void>;
}

/** A session that outlives its postmaster for a moment keeps the next one from starting. */
const START_WITHIN_MS = 20_000;
const RETRY_MS = 100;

export class ManagedPostgres implements PostgresHandle {
  readonly port: number;
  readonly #options: PostgresOptions;
  #server: PostgresServer | undefined;
  /** One thing after the other, whoever asks. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: PostgresOptions, server: PostgresServer) {
    this.port = server.port;
    this.#options = options;
    this.#server = server;
  }

  /** Starts the cluster in the folder, making it first where there is none. */
  static async start(options: PostgresOptions): Promise<ManagedPostgres> {
    return new ManagedPostgres(options, await startPostgres(options));
  }

  async kill(): Promise<void> {
    await this.#next(() => this.#end((server) => server.kill()));
  }

  async stop(): Promise<void> {
    await this.#next(() => this.#end((server) => server.stop()));
  }

  /** Throws what Postgres says when it does not start. */
  async start(): Promise<void> {
    await this.#next(async () => this.#server ??= await this.#startPatiently());
  }

  async #end(how: (server: PostgresServer) => Promise<void>) {
    const server = this.#server;
    this.#server = undefined;
    if (server) await how(server);
  }

  async #startPatiently(): Promise<PostgresServer> {
    const deadline = Date.now() + START_WITHIN_MS;
    while (true) {
      try {
        return await startPostgres(this.#options);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  async #next(work: () => Promise<unknown>) {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    await done;
  }
}
