import assert from "node:assert/strict";
import postgres from "postgres";
import { bootstrapDatabase } from "../../local/bootstrap.ts";
import { freePort } from "../../local/free_port.ts";
import { startPgCronWorker } from "../../local/pg_cron_worker.ts";
import { startPgNetWorker } from "../../local/pg_net_worker.ts";
import { databaseUrl, startPostgres } from "../../local/postgres.ts";
import { eventually } from "../support/eventually.ts";
import { startReceiver } from "../support/receiver.ts";

Deno.test("the workers outlive a database that stops and one that crashes", async () => {
  const options = { folder: await Deno.makeTempDir(), port: freePort() };
  let server = await startPostgres(options);
  const superuser = databaseUrl(options.port, "postgres", "supabase_admin");
  await bootstrapDatabase(superuser, { defaultPrivileges: "2026" });
  const sql = postgres(databaseUrl(options.port), { max: 1, backoff: () => 0.1, onnotice() {} });
  await sql`create extension pg_net with schema extensions`;
  await sql`create extension pg_cron with schema pg_catalog`;
  await using receiver = startReceiver();
  const net = await startPgNetWorker(superuser);
  const cron = await startPgCronWorker(superuser);
  try {
    await sql`select cron.schedule('tick', '1 seconds', ${`select net.http_get('${receiver.url}')`})`;
    await receiver.waitFor(2);

    await server.stop();
    server = await startPostgres(options);
    await receiver.waitFor(receiver.received.length + 2, 15_000);

    await sql`insert into net._http_response (id) values (77)`;
    await server.kill();
    server = await startPostgres(options);
    await receiver.waitFor(receiver.received.length + 2, 15_000);
    const lost = await sql`select from net._http_response where id = 77`;
    assert.equal(lost.length, 0, "a crash empties unlogged tables");

    await eventually("no run to be left unfinished", async () => {
      const open = await sql`
        select from cron.job_run_details
        where status not in ('succeeded', 'failed') and start_time < now() - interval '2 seconds'`;
      return open.length === 0;
    });
  } finally {
    await Promise.all([net.stop(), cron.stop(), sql.end({ timeout: 1 })]);
    await server.stop();
    await Deno.remove(options.folder, { recursive: true });
  }
});
