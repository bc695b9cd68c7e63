/**
 * The background worker of pg_cron, outside Postgres: it runs what cron.job says when it is due,
 * each job in a connection of its own, and never a job beside itself.
 */
import { type DatabaseSession, openSession } from "./database_session.ts";
import { JobTimers } from "./pg_cron/job_timers.ts";
import { type Job, runJob, UNFINISHED } from "./pg_cron/run.ts";
import { supervise, untilAborted } from "./supervise.ts";

export interface PgCronWorkerOptions {
  /** Told when the worker could not read the jobs or keep the record of a run. */
  onError?: (error: unknown) => void;
}

export interface PgCronWorker {
  /** Ends the runs under way and the worker. */
  stop(): Promise<void>;
}

/**
 * Starts a worker for the jobs in the database of `url`, whose role must be a superuser; resolves
 * when it has read them. It outlives restarts of the database.
 */
export async function startPgCronWorker(
  url: string,
  { onError = () => {} }: PgCronWorkerOptions = {},
): Promise<PgCronWorker> {
  const stop = new AbortController();
  const life = { stop: stop.signal, onError };
  const worker = await supervise((ready) => live(url, { ...life, ready }), {
    ended: stop.signal,
    onError,
  });
  return {
    async stop() {
      stop.abort();
      await worker.finished;
    },
  };
}

interface Life {
  stop: AbortSignal;
  onError: (error: unknown) => void;
  ready: () => void;
}

/** Runs jobs until it is stopped; throws when its connection is lost. */
async function live(url: string, { stop, onError, ready }: Life) {
  let jobsChanged = () => {};
  const session = await openSession(url, {
    applicationName: "pg_cron scheduler",
    onNotify: () => jobsChanged(),
  });
  const ended = AbortSignal.any([stop, session.lost]);
  const timers = new JobTimers((job) => runJob(session, url, job, ended), onError);
  const readJobs = async () => timers.set(await activeJobs(session));
  try {
    await session.run((sql) => sql`listen pg_cron_job_cache`);
    await markInterruptedRuns(session);
    jobsChanged = () => void readJobs().catch(onError);
    await readJobs();
    timers.workerStarted();
    ready();
    await untilAborted(ended);
    if (!stop.aborted) ended.throwIfAborted();
  } finally {
    await timers.cancel();
    await session.end();
  }
}

async function activeJobs(session: DatabaseSession): Promise<Job[]> {
  if (!await isInstalled(session)) return [];
  return await session.run((sql) =>
    sql<Job[]>`
      select jobid, schedule, command, database, username
      from cron.job
      where active
      order by jobid`
  );
}

/** The worker before this one could not record their end. */
async function markInterruptedRuns(session: DatabaseSession) {
  if (!await isInstalled(session)) return;
  await session.run((sql) =>
    sql`
      update cron.job_run_details
      set status = 'failed', return_message = 'server restarted'
      where status in ${sql(UNFINISHED)}`
  );
}

/** Whether the database has pg_cron: the migration that makes it may still be to come. */
async function isInstalled(session: DatabaseSession): Promise<boolean> {
  const [found] = await session.run((sql) =>
    sql`select to_regclass('cron.job') is not null as installed`
  );
  return found?.installed;
}
