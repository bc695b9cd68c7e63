/** `deno task doctor` on a whole stack: each thing that goes wrong in practice is found, and mended. */
import assert from "node:assert/strict";
import type { Result } from "../../local/doctor/result.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { CONNECTION_OVERRIDES } from "../../supabase/functions/_shared/twilio/webhook_check/compare_url.ts";

/** The task as a person runs it on a hosted project, whose API is that of this stack. */
async function doctor(
  test: TestStack,
  changes: Record<string, string> = {},
  ...args: string[]
): Promise<{ code: number; results: Result[]; text: string }> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "local/doctor.ts", "--json", "--env-file", "/dev/null"],
      ...["--url", test.stack.gateway.url, ...args],
    ],
    env: { ...test.stack.environment, ...KEYS, ...changes },
    stderr: "inherit",
  }).output();
  const text = new TextDecoder().decode(stdout);
  return { code, results: JSON.parse(text).results, text };
}

/** Those of the local stack are no secret, which the doctor would say. */
const KEYS = Object.fromEntries(
  ["ORCHESTRATOR_KEY", "SYNC_KEY", "MEDIA_KEY", "OPERATIONS_KEY"]
    .map((name) => [name, `a long key of tests for ${name}`]),
);

async function start(): Promise<TestStack> {
  const test = await startTestStack({ ...KEYS, AGENTS: "openai,rules" }, { lazy: [] });
  const { sql, stack } = test;
  stack.twilio.webhook.url = stack.webhookUrl + CONNECTION_OVERRIDES;
  stack.twilio.webhook.fallbackUrl = stack.twilio.webhook.url;
  stack.twilio.webhook.statusCallback = `${stack.webhookUrl}/status`;
  await sql`select cron.schedule('switchboard-sync', '*/2 * * * *', 'select cc_private.ring_reading()')`;
  await sql`select cc_private.sweep()`;
  return test;
}

const essence = (results: Result[], level: string) =>
  results.filter((result) => result.level === level).map(({ check, text }) => `${check}: ${text}`);

Deno.test("the doctor finds nothing wrong with an installation that is well, and leaves no message", async () => {
  await using test = await start();
  const { code, results, text } = await doctor(test);
  assert.deepEqual(essence(results, "wrong"), [], text);
  assert.deepEqual(essence(results, "unasked"), [], text);
  assert.equal(code, 0);
  const checks = new Set(results.filter(({ level }) => level === "ok").map(({ check }) => check));
  assert.deepEqual([...checks].sort(), [
    ...["alerts", "cc_settings", "clock", "extensions", "functions", "migrations", "model"],
    ...["probe", "schedules", "settings", "twilio", "vault"],
  ]);
  const [left] = await test.sql`
    select (select count(*)::integer from cc_messages) as messages,
      (select count(*)::integer from cc_conversations) as conversations,
      (select count(*)::integer from cc_rejected_webhooks) as rejected,
      (select count(*)::integer from cc_private.probes) as probes`;
  assert.deepEqual({ ...left }, { messages: 0, conversations: 0, rejected: 0, probes: 1 });
  assert.deepEqual(test.stack.twilio.messages.newestFirst(), [], "nobody was written to");
  const alerts = test.stack.alerts.received.map(({ alert }) => (alert as { kind: string }).kind);
  assert.deepEqual(alerts, ["test"]);
});

Deno.test("the doctor finds what is wrong in the database, and what to do", async () => {
  await using test = await start();
  const { sql } = test;
  await sql`update cc_settings set business_addresses = '{}', opt_in_keywords = '{}' where id`;
  await sql`select cron.alter_job(jobid, active => false) from cron.job
    where jobname = 'switchboard-sync'`;
  await sql`select cron.unschedule('switchboard-trim')`;
  await sql`delete from supabase_migrations.schema_migrations
    where version = (select max(version) from supabase_migrations.schema_migrations)`;
  await sql`select vault.update_secret(id, 'another key') from vault.secrets
    where name = 'sync_key'`;
  await sql`select vault.update_secret(id, 'http://127.0.0.1:9/functions/v1/media')
    from vault.secrets where name = 'media_url'`;
  await sql`select vault.update_secret(id, 'http://127.0.0.1:9/alerts') from vault.secrets
    where name = 'alert_url'`;
  await sql`delete from vault.secrets where name = 'orchestrator_key'`;

  const { code, results, text } = await doctor(test);
  assert.equal(code, 1);
  const wrong = essence(results, "wrong").join("\n");
  for (
    const found of [
      /^cc_settings: business_addresses is empty/m,
      /^cc_settings: opt_in_keywords is empty/m,
      /^schedules: switchboard-sync is switched off$/m,
      /^schedules: switchboard-trim does not exist$/m,
      /^migrations: 1 are not applied/m,
      /^vault: sync_key is not the same as SYNC_KEY$/m,
      /^vault: media_url is not http:\/\/127\.0\.0\.1:\d+\/functions\/v1\/media$/m,
      /^vault: orchestrator_key is not in Vault$/m,
      /^alerts: the receiver of alerts did not answer \(no_connection\)$/m,
      /^health: secret "orchestrator_key" is not in Vault$/m,
    ]
  ) assert.match(wrong, found);
  for (const { level, todo } of results) {
    if (level === "wrong") assert.ok(todo, text);
  }
  for (const key of Object.values(KEYS)) assert.ok(!text.includes(key), "no secret is printed");
});

Deno.test("the doctor finds that the functions have other settings than it was given", async () => {
  await using test = await start();
  const other = "another long key that nobody has";
  const { code, results } = await doctor(test, {
    ...{ MEDIA_KEY: other, OPERATIONS_KEY: "short", SYNC_KEY: "local-sync-key" },
    ...{ TWILIO_AUTH_TOKEN: "f".repeat(32), OPENAI_MODEL: "gpt-0" },
  }, "--no-alert");
  assert.equal(code, 1);
  const wrong = essence(results, "wrong").join("\n");
  for (
    const found of [
      /^settings: OPERATIONS_KEY has fewer than 24 characters$/m,
      /^settings: SYNC_KEY is the local stack's, which everybody knows$/m,
      /^vault: media_key is not the same as MEDIA_KEY$/m,
      /^functions: media does not take MEDIA_KEY as it was given here$/m,
      /^functions: operations does not take OPERATIONS_KEY/m,
      /^probe: http.*twilio-webhook refuses what Twilio would sign/m,
      /^twilio: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN do not open/m,
      /^model: .* has no model gpt-0$/m,
    ]
  ) assert.match(wrong, found);
  assert.deepEqual(test.stack.alerts.received, [], "--no-alert sends none");
});

Deno.test("the doctor finds that the public URL is not the one that Twilio signs", async () => {
  await using test = await start();
  // To the function it is another one: as behind a domain that its settings do not name.
  const { results } = await doctor(test, {
    PUBLIC_FUNCTIONS_URL: test.stack.gateway.url.replace("127.0.0.1", "localhost") +
      "/functions/v1",
  });
  const wrong = essence(results, "wrong").join("\n");
  assert.match(wrong, /^probe: http:\/\/localhost:\d+.* refuses what Twilio would sign/m);
  assert.match(wrong, /^twilio: .* webhook\.callback_url is another URL than ours/m);
  const [{ count } = { count: -1 }] = await test.sql`
    select count(*)::integer as count from cc_private.probes`;
  assert.equal(count, 0);
});

Deno.test("the doctor exits with 2 when nobody answers, and names each setting that is missing", async () => {
  const run = async (env: Record<string, string>) => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", "local/doctor.ts", "--env-file", "/dev/null"],
        ...["--url", "http://127.0.0.1:9"],
      ],
      env: { TWILIO_API_URL: "http://127.0.0.1:9", ...env },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  const given = {
    ...{ ...KEYS, SUPABASE_SECRET_KEYS: '{"default": "sb_secret_1"}', AGENTS: "rules" },
    ...{ TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`, TWILIO_AUTH_TOKEN: "0".repeat(32) },
  };
  const nobody = await run(given);
  assert.equal(nobody.code, 2, nobody.text);
  assert.match(nobody.text, /^UNASKED database: the database does not answer/m);
  assert.match(nobody.text, /could not be asked$/m);
  const missing = await run({});
  assert.equal(missing.code, 1);
  for (const name of ["TWILIO_AUTH_TOKEN", "ORCHESTRATOR_KEY", "SUPABASE_SECRET_KEYS"]) {
    assert.match(missing.text, new RegExp(`^WRONG   settings: ${name} is missing`, "m"));
  }
});
