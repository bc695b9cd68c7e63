import assert from "node:assert/strict";
import postgres from "postgres";
import { type PgNetWorkerOptions, startPgNetWorker } from "../../local/pg_net_worker.ts";
import { eventually } from "../support/eventually.ts";
import { type Received, startReceiver } from "../support/receiver.ts";
import { createTestDatabase } from "../support/test_cluster.ts";

Deno.test("a request leaves after COMMIT and not before", async () => {
  await using net = await startNet();
  await net.sql.begin(async (sql) => {
    await sql`select net.http_post(${net.url}, '{"x": 1}')`;
    // Another transaction rings the worker, which must not see the uncommitted request.
    await net.sql`select net.http_get(${`${net.url}/other`})`;
    await net.waitFor(1);
    assert.deepEqual(net.paths(), ["/other"]);
  });
  await net.waitFor(2);
  const { method, body, headers } = net.received[1]!;
  assert.deepEqual([method, body], ["POST", '{"x": 1}']);
  assert.equal(headers.get("content-type"), "application/json");
  assert.equal(headers.get("user-agent"), "pg_net/0.20.4");
});

Deno.test("nothing leaves after ROLLBACK, though the id is spent", async () => {
  await using net = await startNet();
  await net.sql.begin(async (sql) => {
    await sql`select net.http_get(${`${net.url}/never`})`;
    throw new Error("roll back");
  }).catch(() => {});
  const [row] = await net.sql`select net.http_get(${`${net.url}/after`}) as id`;
  await net.answers(1);
  assert.deepEqual(net.paths(), ["/after"]);
  assert.equal(row!.id, "2");
});

Deno.test("the answers of a batch appear together, when the slowest has come, dated at its start", async () => {
  await using net = await startNet();
  const before = Date.now();
  await net.sql`select net.http_get(${`${net.url}/fast`}), net.http_get(${`${net.url}/slow/600`})`;
  await net.waitFor(2);
  const waiting = await net.sql`select from net.http_request_queue`;
  assert.equal(waiting.length, 2, "requests under way are still seen in the queue");
  const answers = await net.answers(2);
  assert.ok(Date.now() - before >= 600);
  const [fast, slow] = answers.map(({ created }) => created.getTime());
  assert.equal(fast, slow);
  assert.ok(fast! - before < 600, `created ${fast! - before} ms after the call`);
});

Deno.test("each answer is kept as pg_net keeps it", async () => {
  await using net = await startNet();
  await net.sql`
    select
      net.http_get(${`${net.url}/text`}),
      net.http_get(${`${net.url}/empty`}),
      net.http_get(${`${net.url}/moved`}),
      net.http_get(${`${net.url}/slow/5000`}, timeout_milliseconds => 100),
      net.http_get('http://127.0.0.1:1'),
      net.http_get('http://nowhere.invalid'),
      net.http_get('ftp://127.0.0.1')`;
  const answers = await net.answers(7);
  const kept = answers.map((row) => [row.status_code, row.content, row.timed_out, row.error_msg]);
  assert.match(
    kept[3]!.pop() as string,
    /^Timeout of 100 ms reached\. Total time: [1-9]\d\d+\.\d{6} ms \(DNS time: [\d.]+ ms, TCP\/SSL handshake time: [\d.]+ ms, HTTP Request\/Response time: [\d.]+ ms\)$/,
  );
  assert.deepEqual(kept, [
    [200, "text", false, null],
    [204, null, false, null],
    [200, "text", false, null],
    [null, null, true],
    [null, null, false, "Couldn't connect to server"],
    [null, null, false, "Couldn't resolve host name"],
    [null, null, false, "Unsupported protocol"],
  ]);
  assert.equal(answers[0]!.content_type, "text/plain");
  assert.equal(answers[0]!.headers["X-Case"] ?? answers[0]!.headers["x-case"], "kept");
});

Deno.test("under steady traffic the worker ticks once a second", async () => {
  await using net = await startNet();
  const arrivals: number[] = [];
  net.onArrival(() => arrivals.push(performance.now()));
  // One of the first three comes in a pause and cuts it short, whatever the worker did at its start.
  for (let n = 1; n <= 3; n++) {
    await net.sql`select net.http_get(${net.url})`;
    await net.waitFor(n);
  }
  for (let n = 4; n <= 6; n++) await net.sql`select net.http_get(${net.url})`;
  await net.waitFor(6);
  const [, , third, fourth, , sixth] = arrivals;
  assert.ok(fourth! - third! > 900, `the fourth came ${fourth! - third!} ms after the third`);
  assert.ok(sixth! - fourth! < 900, "what waited goes together");
});

Deno.test("a request that did not ring, for the worker was awake, still leaves", async () => {
  await using net = await startNet();
  await net.sql.begin(async (sql) => {
    // A ring in a pause leaves the worker's flag up: the next caller sees it and stays silent.
    for (let n = 1; n <= 3; n++) {
      await net.sql`select net.http_get(${net.url})`;
      await net.waitFor(n);
    }
    await eventually("the flag", async () => !(await isFlagDown(net.sql)));
    await sql`select net.http_get(${`${net.url}/silent`})`;
    await eventually("the worker to fall asleep", () => isFlagDown(net.sql));
  });
  await net.waitFor(4);
  assert.equal(net.paths().at(-1), "/silent");
});

Deno.test("at most 200 requests leave in one batch", async () => {
  await using net = await startNet();
  await net.sql`select net.http_get(${net.url} || '/' || n) from generate_series(1, 201) as n`;
  const answers = await net.answers(201);
  const batches = Map.groupBy(answers, ({ created }) => created.getTime());
  assert.deepEqual([...batches.values()].map((batch) => batch.length), [200, 1]);
});

Deno.test("answers outlive their time until the worker wakes", async () => {
  await using net = await startNet({ ttlMs: 0 });
  // Awake, as after its start, it removes the answer at its next look, a second later at most.
  await eventually("the worker to sleep, and leave the answer", async () => {
    await net.sql`
      insert into net._http_response (id, created) values (77, now() - interval '1 minute')`;
    await new Promise((done) => setTimeout(done, 1_500));
    return (await net.sql`select from net._http_response where id = 77`).length === 1;
  });
  await net.sql`select net.http_get(${net.url})`;
  await eventually("the old answer to go", async () => {
    return (await net.sql`select from net._http_response where id = 77`).length === 0;
  });
});

Deno.test("a crash loses what waits and what is under way, and ids begin at 1 again", async () => {
  await using net = await startNet();
  await net.sql`select net.http_get(${`${net.url}/slow/5000`})`;
  await net.waitFor(1);
  await net.sql`select net.http_get(${`${net.url}/behind`})`;
  await net.worker.loseQueue();
  const [row] = await net.sql`select net.http_get(${`${net.url}/after`}) as id`;
  assert.equal(row!.id, "1");
  const answers = await net.answers(1);
  assert.equal(answers.length, 1);
  assert.deepEqual(net.paths(), ["/slow/5000", "/after"]);
});

Deno.test("a batch that cannot be stored is sent again, with the innocent ones in it", async () => {
  const errors: unknown[] = [];
  await using net = await startNet({ onError: (error) => errors.push(error) });
  await net.asSuperuser((sql) =>
    sql`alter table net._http_response add constraint no_answer check (false)`
  );
  await net.sql`select net.http_get(${`${net.url}/again`})`;
  await net.waitFor(2);
  assert.deepEqual(net.paths().slice(0, 2), ["/again", "/again"]);
  assert.ok(errors.length > 0);
});

Deno.test("the worker goes on after every connection was cut", async () => {
  await using net = await startNet();
  await net.sql`select net.http_get(${net.url})`;
  await net.answers(1);
  await net.asSuperuser((sql) =>
    sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name like 'pg_net%'`
  );
  await net.sql`select net.http_get(${net.url})`;
  await net.answers(2);
  await eventually("the worker to listen again", async () => {
    await net.sql`select net.check_worker_is_up()`;
    return true;
  });
  await net.sql`select net.http_get(${net.url})`;
  await net.answers(3);
});

interface Answer {
  id: string;
  status_code: number | null;
  content_type: string | null;
  headers: Record<string, string>;
  content: string | null;
  timed_out: boolean;
  error_msg: string | null;
  created: Date;
}

/** A database with a worker, and a server which the requests go to. */
async function startNet(options: PgNetWorkerOptions = {}) {
  const database = await createTestDatabase();
  const sql = postgres(database.url(), { max: 3, onnotice: () => {} });
  await sql`create extension if not exists pg_net with schema extensions`;
  const worker = await startPgNetWorker(database.url("supabase_admin"), options);
  let onArrival = () => {};
  const receiver = startReceiver((request) => {
    onArrival();
    return answer(request);
  });
  return {
    sql,
    worker,
    url: receiver.url,
    received: receiver.received,
    paths: () => receiver.received.map(({ url }) => new URL(url).pathname),
    waitFor: receiver.waitFor,
    onArrival: (listener: () => void) => onArrival = listener,
    answers: (count: number) =>
      eventually(`${count} answers`, async () => {
        const rows = await sql<Answer[]>`select * from net._http_response order by id`;
        return rows.length >= count && rows;
      }),
    async asSuperuser(work: (sql: postgres.Sql) => Promise<unknown>) {
      const superuser = postgres(database.url("supabase_admin"), { max: 1 });
      await work(superuser).finally(() => superuser.end());
    },
    async [Symbol.asyncDispose]() {
      await worker.kill();
      await receiver[Symbol.asyncDispose]();
      await sql.end();
      await database.drop();
    },
  };
}

async function answer({ url }: Received): Promise<Response> {
  const { pathname } = new URL(url);
  const [, path, ms] = pathname.split("/");
  if (path === "slow") await new Promise((resolve) => setTimeout(resolve, Number(ms)));
  if (path === "moved") return new Response(null, { status: 302, headers: { location: "/text" } });
  if (path === "empty") return new Response(null, { status: 204 });
  return new Response("text", { headers: { "Content-Type": "text/plain", "X-Case": "kept" } });
}

/** Looks as net.wake() does. */
async function isFlagDown(sql: postgres.Sql): Promise<boolean> {
  const [row] = await sql`
    select pg_try_advisory_lock_shared(7305809893228047)
      and pg_advisory_unlock_shared(7305809893228047) as down`;
  return row!.down;
}
