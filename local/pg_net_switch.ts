/** A pg_net worker that can be taken away and brought back, as one that keeps crashing. */
import { emptyQueue, type PgNetWorker, startPgNetWorker } from "./pg_net_worker.ts";

export class PgNetSwitch {
  readonly #url: string;
  #worker: PgNetWorker | undefined;

  private constructor(url: string, worker: PgNetWorker) {
    this.#url = url;
    this.#worker = worker;
  }

  /** Starts the worker for this database, as a superuser; resolves when it listens. */
  static async start(url: string): Promise<PgNetSwitch> {
    return new PgNetSwitch(url, await startPgNetWorker(url));
  }

  get isDown(): boolean {
    return this.#worker === undefined;
  }

  /** Kills the worker, and keeps it from coming back: what is queued waits. */
  async down(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.kill();
  }

  /** Starts a worker where there is none. Throws when the database is away. */
  async up(): Promise<void> {
    this.#worker ??= await startPgNetWorker(this.#url);
  }

  /** What a crash does to the queue. Throws when there is no database. */
  async loseQueue(): Promise<void> {
    if (!this.#worker) return await emptyQueue(this.#url);
    await this.#worker.loseQueue().catch((error) => {
      this.#worker = undefined;
      throw error;
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
  }
}
