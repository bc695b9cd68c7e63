/** One run of a job: its own connection as the job's user, and its row in cron.job_run_details. */
import postgres from "postgres";
import type { DatabaseSession } from "../database_session.ts";
import { PASSWORD } from "../postgres.ts";

/** What the worker needs of a row of cron.job. */
export interface Job {
  jobid: string;
  schedule: string;
  command: string;
  database: string;
  username: string;
}

/** Statuses of a run that has not ended. */
export const UNFINISHED = ["starting", "connecting", "sending", "running"];

/**
 * Runs the job's command as one simple query, hence as one transaction where it has several
 * statements, and records how it went. A failing command is recorded, not thrown; throws only when
 * the record cannot be kept. The connection goes to the server of `url`; `cancelled` ends it.
 */
export async function runJob(
  records: DatabaseSession,
  url: string,
  job: Job,
  cancelled: AbortSignal,
): Promise<void> {
  const [record] = await records.run((sql) =>
    sql`
      insert into cron.job_run_details (jobid, database, username, command, status)
      values (${job.jobid}, ${job.database}, ${job.username}, ${job.command}, 'starting')
      returning runid`
  );
  const update = (columns: Record<string, string | number | Date>) =>
    records.run((sql) =>
      sql`update cron.job_run_details set ${sql(columns)} where runid = ${record!.runid}`
    );
  const connection = connect(url, job);
  const close = () => void connection.end({ timeout: 0 });
  cancelled.addEventListener("abort", close);
  try {
    const [session] = await connection`select pg_backend_pid() as job_pid`;
    await update({ status: "running", job_pid: session!.job_pid, start_time: new Date() });
    const results = await connection.unsafe(job.command).simple();
    const message = describeResult(results);
    await update({ status: "succeeded", return_message: message, end_time: new Date() });
  } catch (error) {
    // The next worker says of a run that was cut off: "server restarted".
    if (cancelled.aborted) return;
    await update({ status: "failed", return_message: describeError(error), end_time: new Date() });
  } finally {
    cancelled.removeEventListener("abort", close);
    await connection.end({ timeout: 1 });
  }
}

/** As the user itself, so that the settings of the role hold, its time-outs above all. */
function connect(url: string, { database, username }: Job): postgres.Sql {
  const address = new URL(url);
  address.username = encodeURIComponent(username);
  address.password = PASSWORD;
  address.pathname = `/${encodeURIComponent(database)}`;
  return postgres(address.href, {
    max: 1,
    fetch_types: false,
    onnotice: () => {},
    connection: { application_name: "pg_cron" },
  });
}

/** What the driver keeps of one statement; `columns` only where it gave rows. */
interface StatementResult {
  command: string | undefined;
  count: number | null;
  columns?: unknown[];
  length: number;
}

/** What pg_cron keeps: the tag of the last command, or how many rows it gave. */
function describeResult(results: unknown): string {
  const one = results as StatementResult;
  const last = one.command ? one : (results as StatementResult[]).at(-1);
  if (!last) return "";
  if (last.columns?.length) return `${last.length} ${last.length === 1 ? "row" : "rows"}`;
  const tag = last.command === "INSERT" ? ["INSERT", 0] : [last.command];
  return [...tag, ...(last.count === null ? [] : [last.count])].join(" ");
}

/** As libpq words it. */
function describeError(error: unknown): string {
  if (!(error instanceof postgres.PostgresError)) return "connection failed";
  const lines = [`${error.severity}:  ${error.message}`];
  if (error.detail) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint) lines.push(`HINT:  ${error.hint}`);
  if (error.where) lines.push(`CONTEXT:  ${error.where}`);
  return lines.map((line) => `${line}\n`).join("");
}
