/** Faults of the whole stack at the press of a button, from outside. */
import assert from "node:assert/strict";
import { clearFaults, listFaults, pressFault } from "../support/simulator.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { eventually } from "../support/eventually.ts";

const CUSTOMER = "whatsapp:+5511912345678";

Deno.test("GET /simulator/faults names every target with its modes", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  const { targets, active } = await listFaults(test.stack.twilio);
  assert.deepEqual(active, []);
  assert.deepEqual(Object.keys(targets), [
    ...["twilio", "twilio_list", "webhooks", "pg_net", "openai"],
    ...["function:media", "function:operations", "function:orchestrator"],
    ...["function:twilio-sync", "function:twilio-webhook"],
  ]);
  assert.deepEqual(targets["pg_net"], ["lose_queue", "down", "up"]);
  assert.deepEqual(targets["function:operations"], ["kill"]);
  assert.deepEqual(targets["function:twilio-webhook"], [
    ...["kill", "kill_at:before_ingest", "kill_at:after_commit"],
    ...["hang_at:before_ingest:<ms>", "hang_at:after_commit:<ms>"],
  ]);
  for (const mode of ["status:<http>", "hang", "slow:<ms>", "nonsense"]) {
    assert.ok(targets["openai"]?.includes(mode), mode);
  }
});

Deno.test("an unknown target or mode is 400 and lists what there is", async () => {
  await using test = await startTestStack();
  const { twilio } = test.stack;
  for (
    const [target, mode, lists] of [
      ["telephone", "hang", /target "telephone" is unknown; there are twilio, .*openai/],
      // This database belongs to other tests too.
      ["database", "kill", /target "database" is unknown/],
      [
        "pg_net",
        "explode",
        /mode "explode" of "pg_net" is unknown; there are lose_queue, down, up/,
      ],
      ["function:orchestrator", "kill_at:lunch", /there are kill, kill_at:after_claim, /],
      ["function:orchestrator", "hang_at:after_claim:soon", /hang_at:after_claim:<ms>/],
      ["openai", "status:7", /status:<http>/],
    ] as const
  ) {
    await assert.rejects(pressFault(twilio, target, mode), (error: Error) => {
      assert.match(error.message, /^400: /);
      assert.match(error.message, lists);
      return true;
    });
  }
  assert.deepEqual((await listFaults(twilio)).active, []);
});

Deno.test("the model fails as often as told", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { openai, twilio } = test.stack;
  const active = await pressFault(twilio, "openai", "status:401", 2);
  assert.deepEqual(active, [{ target: "openai", mode: "status:401", times: 2 }]);
  assert.equal(await askModel(openai.url), 401);
  assert.deepEqual((await listFaults(twilio)).active.map(({ times }) => times), [1]);
  assert.equal(await askModel(openai.url), 401);
  assert.equal(await askModel(openai.url), 200);
  assert.deepEqual((await listFaults(twilio)).active, []);
});

Deno.test("a fault of the model is taken back by times: 0 and by DELETE", async () => {
  await using test = await startTestStack();
  const { openai, twilio } = test.stack;
  await pressFault(twilio, "openai", "status:500", 9);
  assert.equal((await pressFault(twilio, "openai", "hang", 0)).length, 1, "another mode stays");
  assert.deepEqual(await pressFault(twilio, "openai", "status:500", 0), []);
  await pressFault(twilio, "openai", "status:500", 9);
  assert.deepEqual(await clearFaults(twilio), []);
  assert.equal(await askModel(openai.url), 200);
});

Deno.test("pg_net that is down keeps what waits, and sends it when it is up", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  const active = await pressFault(stack.twilio, "pg_net", "down");
  assert.deepEqual(active, [{ target: "pg_net", mode: "down", times: 1 }]);
  await assert.rejects(async () => await sql`select net.check_worker_is_up()`, /is not up/);
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  assert.equal((await sql`select from net.http_request_queue`).length, 1);
  assert.deepEqual(await pressFault(stack.twilio, "pg_net", "up"), []);
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 10_000 });
});

Deno.test("pg_net that loses its queue forgets what waits, and works on", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  // Behind a batch under way, so that something waits.
  await using slow = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, silence);
  await sql`select net.http_get(${`http://127.0.0.1:${slow.addr.port}`})`;
  await asked.promise;
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  await pressFault(stack.twilio, "pg_net", "lose_queue");
  answerAll.abort();
  assert.equal((await sql`select from net.http_request_queue`).length, 0);
  const [turn] = await sql`select state from cc_turns`;
  assert.equal(turn?.["state"], "pending", "nobody was told of it");
  await stack.twilio.inbound({ from: "whatsapp:+5511900000001", body: "And I?" });
  await stack.twilio.waitForOutbound({ to: "whatsapp:+5511900000001", timeoutMs: 10_000 });
});

Deno.test("a function is killed as often as told, and comes back each time", async () => {
  await using test = await startTestStack();
  const { twilio } = test.stack;
  await pressFault(twilio, "function:twilio-webhook", "kill", 2);
  const ended = "twilio-webhook: process ended: SIGKILL";
  await eventually("two ends", () => Promise.resolve(count(test, ended) === 2));
  const { response } = await twilio.inbound({ from: CUSTOMER, body: "Hello?" });
  assert.equal(response?.status, 200);
});

Deno.test("an alert reaches the stack's own receiver, where no other is set", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  await sql`select cc_private.raise_alert('test_rang', 'the test rang')`;
  const { alerts } = await eventually("the alert", async () => {
    const answer = await (await fetch(`${stack.twilio.url}/simulator/alerts`)).json();
    return answer.alerts.length > 0 && answer;
  });
  assert.equal(alerts.length, 1);
  assert.deepEqual(alerts[0].alert, { text: "Switchboard: the test rang", kind: "test_rang" });
  assert.deepEqual(stack.alerts.received, alerts);
});

Deno.test("an alert goes to the operator's own URL, and no function learns of it", async () => {
  await using test = await startTestStack({ ALERT_URL: "http://127.0.0.1:9/hook" });
  const { sql, stack } = test;
  const [secret] = await sql`
    select decrypted_secret from vault.decrypted_secrets where name = 'alert_url'`;
  assert.equal(secret?.["decrypted_secret"], "http://127.0.0.1:9/hook");
  assert.equal("ALERT_URL" in stack.environment, false);
});

const asked = Promise.withResolvers<void>();
const answerAll = new AbortController();

/** Says nothing until the test lets it. */
async function silence(): Promise<Response> {
  asked.resolve();
  await new Promise((resolve) => answerAll.signal.addEventListener("abort", resolve));
  return new Response();
}

function count({ lines }: TestStack, line: string): number {
  return lines.filter((each) => each === line).length;
}

async function askModel(url: string): Promise<number> {
  const response = await fetch(`${url}/responses`, {
    method: "POST",
    headers: { authorization: "Bearer local", "content-type": "application/json" },
    body: JSON.stringify({ model: "gpt-5-mini", input: "Hello?" }),
  });
  await response.body?.cancel();
  return response.status;
}
