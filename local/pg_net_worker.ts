/**
 * The background worker of pg_net, outside Postgres: it makes the queued requests at the real
 * one's pace, with the real one's faults. In batches of 200, all of a batch at once, the answers
 * visible when the slowest has come, a second's pause after each batch.
 */
import { openSession } from "./database_session.ts";
import { runBatch } from "./pg_net/batch.ts";
import { Doorbell, isInstalled } from "./pg_net/doorbell.ts";
import { supervise } from "./supervise.ts";

export interface PgNetWorkerOptions {
  /** `pg_net.batch_size`. */
  batchSize?: number;
  /** `pg_net.ttl`: how long an answer is kept, in milliseconds. */
  ttlMs?: number;
  /** Told of each error that made the worker start anew. */
  onError?: (error: unknown) => void;
}

export interface PgNetWorker {
  /** Ends as the real one at SIGTERM: the batch under way is finished first. */
  stop(): Promise<void>;
  /** Ends as at SIGKILL: the batch under way is forgotten, though its requests have been sent. */
  kill(): Promise<void>;
  /**
   * What a crash of any backend does: the batch under way is forgotten, requests and answers are
   * gone, ids begin at 1 again. (The sessions of others live on, unlike in a real crash.)
   */
  loseQueue(): Promise<void>;
}

const APPLICATION_NAME = "pg_net 0.20.4"; // net.check_worker_is_up() looks for it.
const PAUSE_MS = 1_000;
const BATCH_SIZE = 200;
const TTL_MS = 6 * 60 * 60 * 1_000;

/**
 * Starts a worker for the database of `url`, whose role must be a superuser; resolves when it
 * listens. It outlives restarts of the database.
 */
export async function startPgNetWorker(
  url: string,
  options: PgNetWorkerOptions = {},
): Promise<PgNetWorker> {
  const stop = new AbortController();
  let crash = new AbortController();
  let worker = await start();

  async function start() {
    const signals = { stop: stop.signal, crash: crash.signal };
    const ended = AbortSignal.any([stop.signal, crash.signal]);
    const onError = options.onError ?? (() => {});
    // A batch that fails was sent but is rolled back: the next life sends it again.
    return await supervise((ready) => live(url, { ...options, ...signals, ready }), {
      ended,
      onError,
    });
  }

  async function end(by: AbortController) {
    by.abort();
    await worker.finished;
  }

  return {
    stop: () => end(stop),
    kill: () => end(crash),
    async loseQueue() {
      await end(crash);
      await emptyQueue(url);
      crash = new AbortController();
      worker = await start();
    },
  };
}

interface Life extends PgNetWorkerOptions {
  stop: AbortSignal;
  crash: AbortSignal;
  ready: () => void;
}

/** Serves until it is stopped; throws when anything fails, as the real one exits. */
async function live(url: string, { stop, crash, ready, ...options }: Life) {
  const bell = await Doorbell.open(url, APPLICATION_NAME);
  const session = await openSession(url, { applicationName: APPLICATION_NAME }).catch(
    async (error) => {
      await bell.close();
      throw error;
    },
  );
  const cancelled = AbortSignal.any([crash, session.lost]);
  const ended = AbortSignal.any([stop, cancelled]);
  const interrupt = () => bell.interrupt();
  ended.addEventListener("abort", interrupt);
  try {
    ready();
    const batch = { batchSize: BATCH_SIZE, ttlMs: TTL_MS, ...options, cancelled };
    while (!ended.aborted) {
      await bell.untilRung();
      let done = 1;
      while (done > 0 && !ended.aborted) {
        done = await isInstalled(session) ? await runBatch(session, batch) : 0;
        if (!ended.aborted) await bell.pause(PAUSE_MS);
      }
    }
    if (!stop.aborted) cancelled.throwIfAborted();
  } finally {
    ended.removeEventListener("abort", interrupt);
    await Promise.all([session.end(), bell.close()]);
  }
}

/** What a crash leaves of pg_net: empty tables, and ids from 1 on. Throws when the database is away. */
export async function emptyQueue(url: string): Promise<void> {
  const session = await openSession(url, { applicationName: APPLICATION_NAME });
  try {
    await session.run((sql) =>
      sql`truncate net.http_request_queue, net._http_response restart identity`
    );
  } finally {
    await session.end();
  }
}
