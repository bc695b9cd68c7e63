/**
 * The background worker of pg_cron, outside Postgres: it runs what cron.job says when it is due,
 * each job in a connection of its own, and never a job beside itself.
 */
import postgres from "postgres";
import { type Job, runJob, UNFINISHED } from "./pg_cron/run.ts";
import { JobTimer } from "./pg_cron/job_timer.ts";

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
  const sql = postgres(url, {
    max: 2,
    max_lifetime: null,
    backoff: () => 0.2,
    onnotice: () => {},
    connection: { application_name: "pg_cron scheduler" },
  });
  const timers = new Map<string, JobTimer>();
  const runs = new Set<Promise<void>>();
  const stop = new AbortController();

  async function readJobs() {
    const jobs = await activeJobs(sql);
    if (stop.signal.aborted) return;
    const wanted = new Map(jobs.map((job) => [job.jobid, job]));
    for (const [id, timer] of timers) {
      if (timer.update(wanted.get(id))) wanted.delete(id);
      else timers.delete(id);
    }
    for (const [id, job] of wanted) {
      try {
        timers.set(id, new JobTimer(job, run));
      } catch (error) {
        onError(error); // A schedule that only pg_cron understands stops no other job.
      }
    }
  }

  async function run(job: Job) {
    const ended = runJob(sql, url, job, stop.signal).catch(onError);
    runs.add(ended);
    await ended;
    runs.delete(ended);
  }

  /** One reading after the other: an older picture must not overwrite a newer one. */
  let reading = Promise.resolve();
  function jobsChanged() {
    reading = reading.then(readJobs).catch(onError);
  }

  /** Also after each reconnection: the database may have been restarted under our runs. */
  function connected() {
    reading = reading.then(() => markInterruptedRuns(sql)).catch(onError);
    jobsChanged();
  }

  await sql.listen("pg_cron_job_cache", jobsChanged, connected);
  await reading;
  for (const timer of timers.values()) timer.workerStarted();

  return {
    async stop() {
      stop.abort();
      for (const timer of timers.values()) timer.cancel();
      await Promise.all(runs);
      await reading;
      await sql.end({ timeout: 1 });
    },
  };
}

async function activeJobs(sql: postgres.Sql): Promise<Job[]> {
  if (!await isInstalled(sql)) return [];
  return await sql<Job[]>`
    select jobid, schedule, command, database, username from cron.job where active order by jobid`;
}

async function markInterruptedRuns(sql: postgres.Sql) {
  if (!await isInstalled(sql)) return;
  await sql`
    update cron.job_run_details
    set status = 'failed', return_message = 'server restarted'
    where status in ${sql(UNFINISHED)}`;
}

/** Whether the database has pg_cron: the migration that makes it may still be to come. */
async function isInstalled(sql: postgres.Sql): Promise<boolean> {
  const [found] = await sql`select to_regclass('cron.job') is not null as installed`;
  return found?.installed;
}
