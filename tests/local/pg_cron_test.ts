import assert from "node:assert/strict";
import postgres from "postgres";
import { startPgCronWorker } from "../../local/pg_cron_worker.ts";
import { parseSchedule } from "../../local/pg_cron/schedule.ts";
import { createTestDatabase } from "../support/test_cluster.ts";
import { eventually } from "../support/eventually.ts";

Deno.test("a job on seconds runs first after one interval, then counts from its last start", async () => {
  await using cron = await startCron();
  const scheduledAt = Date.now();
  await cron.sql`select cron.schedule('tick', '1 seconds', 'select 1')`;
  const starts = await eventually("three runs", async () => {
    const runs = (await cron.runs()).filter(({ start_time }) => start_time);
    return runs.length >= 3 && runs.slice(0, 3).map(({ start_time }) => start_time.getTime());
  });
  const gaps = starts.map((at, i) => at - (i === 0 ? scheduledAt : starts[i - 1]!));
  for (const gap of gaps) assert.ok(gap > 600 && gap < 1_900, `gaps: ${gaps}`);
});

Deno.test("a run is recorded as pg_cron records it", async () => {
  await using cron = await startCron();
  const { sql } = cron;
  await sql`create table public.rows (id int)`;
  await sql`select cron.schedule('select', '1 seconds', 'select generate_series(1, 2)')`;
  await sql`select cron.schedule('insert', '1 seconds', 'insert into public.rows values (1), (2)')`;
  await sql`select cron.schedule('error', '1 seconds', 'select 1 / 0')`;
  const runs = await eventually("a run of each job", async () => {
    const runs = await cron.runs();
    return runs.length >= 3 && runs.every(({ end_time }) => end_time) && runs.slice(0, 3);
  });
  const said = new Map(runs.map((run) => [run.command, [run.status, run.return_message]]));
  assert.deepEqual(said.get("select generate_series(1, 2)"), ["succeeded", "2 rows"]);
  assert.deepEqual(said.get("insert into public.rows values (1), (2)"), [
    "succeeded",
    "INSERT 0 2",
  ]);
  assert.deepEqual(said.get("select 1 / 0"), ["failed", "ERROR:  division by zero\n"]);
  assert.ok(runs.every((run) => run.username === "postgres" && run.job_pid > 0));
});

Deno.test("the statements of one command are one transaction", async () => {
  await using cron = await startCron();
  await cron.sql`create table public.rows (id int)`;
  await cron.sql`
    select cron.schedule('two', '1 seconds', 'insert into public.rows values (1); select 1 / 0')`;
  await eventually(
    "a failed run",
    async () => (await cron.runs()).some((r) => r.status === "failed"),
  );
  assert.deepEqual([...await cron.sql`select * from public.rows`], []);
});

Deno.test("a job runs as its user, with the settings of the role", async () => {
  await using cron = await startCron();
  await cron.sql`create table public.seen (who text, path text)`;
  await cron.sql`
    select cron.schedule('who', '1 seconds',
      $$insert into public.seen select current_user, current_setting('search_path')$$)`;
  const [seen] = await eventually("a run", async () => {
    const seen = await cron.sql`select who, path from public.seen`;
    return seen.length > 0 && seen;
  });
  assert.deepEqual({ ...seen }, { who: "postgres", path: '"$user", public, extensions' });
});

Deno.test("a job that runs longer than its interval never runs beside itself", async () => {
  await using cron = await startCron();
  await cron.sql`select cron.schedule('long', '1 seconds', 'select pg_sleep(1.5)')`;
  const [first, second] = await eventually("two runs", async () => {
    const runs = (await cron.runs()).filter(({ start_time }) => start_time);
    return runs.length >= 2 && runs;
  });
  const pause = second!.start_time.getTime() - first!.end_time!.getTime();
  assert.ok(pause >= 0 && pause < 900, `the next one began ${pause} ms after the end`);
});

Deno.test("a job that is switched off or removed runs no more", async () => {
  await using cron = await startCron();
  await cron.sql`select cron.schedule('off', '1 seconds', 'select 1')`;
  await cron.sql`select cron.schedule('gone', '1 seconds', 'select 2')`;
  await cron.sql`select cron.schedule('stays', '1 seconds', 'select 3')`;
  await cron.sql`select cron.alter_job(jobid, active => false) from cron.job where jobname = 'off'`;
  await cron.sql`select cron.unschedule('gone')`;
  await eventually("two runs of the job that stays", async () => (await cron.runs()).length >= 2);
  assert.deepEqual([...new Set((await cron.runs()).map(({ command }) => command))], ["select 3"]);
});

Deno.test("the worker goes on after every connection was cut", async () => {
  await using cron = await startCron();
  await cron.sql`select cron.schedule('tick', '1 seconds', 'select 1')`;
  await eventually("a run", async () => (await cron.runs()).length >= 1);
  await cron.cutConnections();
  const before = (await cron.runs()).length;
  await eventually("two more runs", async () => (await cron.runs()).length >= before + 2);
  await cron.sql`select cron.schedule('new', '1 seconds', 'select 5')`;
  await eventually(
    "a run of a job made since",
    async () => (await cron.runs()).some(({ command }) => command === "select 5"),
  );
});

Deno.test("parseSchedule() reads what cron.schedule() takes", () => {
  assert.deepEqual(parseSchedule(" 30 Seconds"), { kind: "interval", ms: 30_000 });
  assert.deepEqual(parseSchedule("@reboot"), { kind: "start" });
  const next = (text: string, after: string) => {
    const schedule = parseSchedule(text);
    assert.ok(schedule.kind === "clock");
    return schedule.next(new Date(after))?.toISOString();
  };
  assert.equal(next("*/5 * * * *", "2026-11-22T10:05:00Z"), "2026-11-22T10:10:00.000Z");
  assert.equal(next("@hourly", "2026-11-22T10:05:00Z"), "2026-11-22T11:00:00.000Z");
  assert.equal(next("0 3 $ * *", "2026-02-22T10:05:00Z"), "2026-02-28T03:00:00.000Z");
  assert.equal(next("0 0 1 * 5", "2026-11-22T00:00:00Z"), "2026-11-27T00:00:00.000Z");
});

interface Run {
  command: string;
  status: string;
  return_message: string;
  username: string;
  job_pid: number;
  start_time: Date;
  end_time: Date | null;
}

async function startCron() {
  const database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 2, onnotice: () => {} });
  await sql`create extension if not exists pg_cron with schema pg_catalog`;
  await sql`select cron.unschedule(jobid) from cron.job`;
  const worker = await startPgCronWorker(database.url("supabase_admin"));
  return {
    sql,
    runs: () => sql<Run[]>`select * from cron.job_run_details order by runid`,
    async cutConnections() {
      const superuser = postgres(database.url("supabase_admin"), { max: 1 });
      await superuser`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'pg_cron%'`;
      await superuser.end();
    },
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await sql.end();
      await database.drop();
    },
  };
}
