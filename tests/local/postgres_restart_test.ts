/** A whole stack whose Postgres is killed and stopped under it. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { listFaults, pressFault, readLedger } from "../support/simulator.ts";
import { startTestStackWithPostgres, type TestStackWithPostgres } from "../support/test_stack.ts";
import { eventually } from "../support/eventually.ts";

Deno.test("the stack outlives a Postgres that is killed twice under load", async () => {
  await using test = await startTestStackWithPostgres();
  const { sql, stack } = test;
  await using load = new Load(test);
  for (const messages of [20, 60]) {
    await load.untilDelivered(messages);
    await pressFault(stack.twilio, "database", "kill");
  }
  await load.untilDelivered(100);
  await load.end();
  await pressFault(stack.twilio, "database", "start");

  const { received, stored, lost } = await readLedger(stack.twilio);
  assert.ok(received >= 100 && stored + lost === received, `${received} ${stored} ${lost}`);
  assert.ok(stored >= 20, `only ${stored} of ${received} messages were stored`);
  await sql`select net.wait_until_running()`;
  await stack.twilio.inbound({ from: customer(999), body: "Are you well?" });
  await stack.twilio.waitForOutbound({ to: customer(999), count: 1, timeoutMs: 20_000 });
  await eventually("a run of the sweep", async () => {
    const runs = await sql`
      select from cron.job_run_details
      where status = 'succeeded' and start_time > pg_postmaster_start_time()`;
    return runs.length > 0;
  });
});

Deno.test("a Postgres that is killed loses pg_net's queue and answers, and nothing else", async () => {
  await using test = await startTestStackWithPostgres();
  const { sql, stack } = test;
  await pressFault(stack.twilio, "pg_net", "down");
  const { messageSid } = await stack.twilio.inbound({ from: customer(1), body: "Hello?" });
  await sql`insert into net._http_response (id) values (77)`;
  assert.equal((await sql`select from net.http_request_queue`).length, 1);
  await pressFault(stack.twilio, "database", "kill");
  await pressFault(stack.twilio, "database", "start");
  assert.equal((await sql`select from net.http_request_queue`).length, 0);
  assert.equal((await sql`select from net._http_response`).length, 0);
  const [next] = await sql`select net.http_get('http://127.0.0.1:9') as id`;
  assert.equal(next?.["id"], "1");
  const stored = await sql`select provider_message_id from cc_messages`;
  assert.deepEqual(stored.map((row) => row["provider_message_id"]), [messageSid]);
});

Deno.test("a Postgres that is stopped stays away until it is started, and the ledger says so", async () => {
  await using test = await startTestStackWithPostgres();
  const { twilio } = test.stack;
  const stopped = [{ target: "database", mode: "stop", times: 1 }];
  assert.deepEqual(await pressFault(twilio, "database", "stop"), stopped);
  await delay(1_500); // Longer than a start takes: nobody starts it.
  await assert.rejects(readLedger(twilio), /^Error: 503: Cannot read the database/);
  await assert.rejects(pressFault(twilio, "database", "kill"), /400: .*it is stopped/);
  assert.deepEqual((await listFaults(twilio)).active, stopped);
  assert.deepEqual(await pressFault(twilio, "database", "start"), []);
  assert.equal((await readLedger(twilio)).received, 0);
  await twilio.inbound({ from: customer(1), body: "Hello again" });
  await twilio.waitForOutbound({ to: customer(1), count: 1, timeoutMs: 20_000 });
});

/** Customers who write without end, a few at a time. */
class Load implements AsyncDisposable {
  #delivered = 0;
  #isOver = false;
  #writers: Promise<void>[];

  constructor({ stack }: TestStackWithPostgres) {
    this.#writers = Array.from({ length: 5 }, async (_, writer) => {
      for (let n = 0; !this.#isOver; n++) {
        await stack.twilio.inbound({ from: customer(writer * 100 + n % 10), body: `Message ${n}` });
        this.#delivered++;
      }
    });
  }

  async untilDelivered(messages: number) {
    await eventually(`${messages} messages`, () => Promise.resolve(this.#delivered >= messages));
  }

  async end() {
    this.#isOver = true;
    await Promise.all(this.#writers);
  }

  /** A test that failed ends it too: it would never let the process rest. */
  async [Symbol.asyncDispose]() {
    await this.end();
  }
}

function customer(n: number): string {
  return `whatsapp:+55119${String(n).padStart(8, "0")}`;
}
