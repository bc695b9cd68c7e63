/** One batch of requests, in one transaction, as pg_net makes it. */
import type { DatabaseSession } from "../database_session.ts";
import { performRequest, type QueuedRequest } from "./request.ts";

export interface BatchOptions {
  batchSize: number;
  /** How long an answer is kept, in milliseconds. */
  ttlMs: number;
  /** Ends the requests under way. */
  cancelled: AbortSignal;
}

/**
 * Takes the next requests from the queue, makes them all at once and stores the answers; gives how
 * many requests were made and old answers were deleted. When it rejects, the transaction is open:
 * the session must be ended.
 */
export async function runBatch(session: DatabaseSession, options: BatchOptions): Promise<number> {
  await session.run((sql) => sql`begin`);
  const expired = await session.run((sql) =>
    sql`
      delete from net._http_response
      where ctid in (
        select ctid from net._http_response
        where created < now() - ${options.ttlMs} * interval '1 millisecond'
        limit ${options.batchSize}
      )`
  );
  const requests = await session.run((sql) =>
    sql<QueuedRequest[]>`
      with batch as (select id from net.http_request_queue order by id limit ${options.batchSize})
      delete from net.http_request_queue as queue
      using batch
      where queue.id = batch.id
      returning queue.*`
  );
  await store(session, await performAll(requests, options.cancelled));
  await session.run((sql) => sql`commit`);
  return requests.length + expired.count;
}

async function performAll(requests: QueuedRequest[], cancelled: AbortSignal) {
  requests.sort((a, b) => Number(a.id) - Number(b.id));
  return await Promise.all(requests.map(async (request) => {
    return { id: request.id, ...await performRequest(request, cancelled) };
  }));
}

/** The real one stores each answer as it comes; nobody can see that before the commit. */
async function store(session: DatabaseSession, answers: Awaited<ReturnType<typeof performAll>>) {
  if (answers.length === 0) return;
  const columns = [
    "id",
    "status_code",
    "content_type",
    "headers",
    "content",
    "timed_out",
    "error_msg",
  ];
  await session.run((sql) =>
    sql`
      insert into net._http_response (${sql(columns)})
      select ${sql(columns)}
      from json_populate_recordset(null::net._http_response, ${
      JSON.stringify(answers)
    }::text::json)`
  );
}
