/**
 * The background worker of pg_net, outside Postgres: it makes the queued requests at the real
 * one's pace, with the real one's faults. In batches of 200, all of a batch at once, the answers
 * visible when the slowest has come, a second's pause after each batch.
 */
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";
import { Doorbell, isInstalled } from "./pg_net/doorbell.ts";
import { performRequest, type QueuedRequest } from "./pg_net/request.ts";

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
/** The postmaster starts a worker that died anew after this time. */
const RESTART_MS = 1_000;
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
  const settings = { batchSize: BATCH_SIZE, ttlMs: TTL_MS, onError: () => {}, ...options };
  const connect = () =>
    postgres(url, {
      max: 1,
      max_lifetime: null,
      backoff: () => 0.2,
      onnotice: () => {},
      connection: { application_name: APPLICATION_NAME, lock_timeout: 1_000 },
    });
  const sql = connect();
  const bell = new Doorbell(connect());
  await bell.listen();

  let crash = new AbortController();
  const stop = new AbortController();
  let finished = run();

  async function run() {
    const ended = AbortSignal.any([stop.signal, crash.signal]);
    while (!ended.aborted) {
      try {
        await bell.untilRung();
        await drain(ended);
      } catch (error) {
        if (ended.aborted) return;
        settings.onError(error);
        // The batch was rolled back after its requests were sent: they are sent again.
        await delay(RESTART_MS, undefined, { signal: ended }).catch(() => {});
        bell.ring();
      }
    }
  }

  async function drain(ended: AbortSignal) {
    let done = 1;
    while (done > 0 && !ended.aborted) {
      done = await runBatch(sql, settings, crash.signal);
      await bell.pause(PAUSE_MS);
    }
  }

  async function end(by: AbortController) {
    by.abort();
    bell.interrupt();
    await finished;
  }

  async function close() {
    await Promise.all([bell.close(), sql.end({ timeout: 1 })]);
  }

  return {
    async stop() {
      await end(stop);
      await close();
    },
    async kill() {
      await end(crash);
      await close();
    },
    async loseQueue() {
      await end(crash);
      await sql`truncate net.http_request_queue, net._http_response restart identity`;
      crash = new AbortController();
      finished = run();
    },
  };
}

/** One batch in one transaction; gives how many requests were made and answers were deleted. */
async function runBatch(
  sql: postgres.Sql,
  { batchSize, ttlMs }: Required<PgNetWorkerOptions>,
  cancelled: AbortSignal,
): Promise<number> {
  if (!await isInstalled(sql)) return 0;
  return await sql.begin(async (transaction) => {
    const expired = await transaction`
      delete from net._http_response
      where ctid in (
        select ctid from net._http_response
        where created < now() - ${ttlMs} * interval '1 millisecond'
        limit ${batchSize}
      )`;
    const requests = await transaction<QueuedRequest[]>`
      with batch as (select id from net.http_request_queue order by id limit ${batchSize})
      delete from net.http_request_queue as queue
      using batch
      where queue.id = batch.id
      returning queue.*`;
    requests.sort((a, b) => Number(a.id) - Number(b.id));
    await Promise.all(requests.map(async (request) => {
      const answer = { id: request.id, ...await performRequest(request, cancelled) };
      const headers = answer.headers && transaction.json(answer.headers);
      await transaction`insert into net._http_response ${transaction({ ...answer, headers })}`;
    }));
    return requests.length + expired.count;
  });
}
