/** The webhook check: each mistake that can be made at Twilio, and the task against the simulator. */
import assert from "node:assert/strict";
import { checkSettings } from "../../local/webhook_check/check_settings.ts";
import { checkWebhook } from "../../supabase/functions/_shared/twilio/webhook_check/check_webhook.ts";
import { describeFindings } from "../../local/webhook_check/describe_findings.ts";
import type {
  Finding,
  ServiceSource,
  WebhookSource,
} from "../../supabase/functions/_shared/twilio/webhook_check/finding.ts";
import { readWebhooks } from "../../supabase/functions/_shared/twilio/webhook_check/read_webhooks.ts";
import { ACCOUNT_SID, AUTH_TOKEN, BUSINESS, CUSTOMER, testSimulator } from "../support/twilio.ts";

const OURS = "https://project.supabase.co/functions/v1/twilio-webhook";
const RIGHT = `${OURS}#rc=3&rp=all`;
const expected = { url: OURS };

function sender(changes: Partial<WebhookSource> = {}): WebhookSource {
  return {
    name: BUSINESS,
    url: RIGHT,
    method: "POST",
    fallbackUrl: RIGHT,
    fallbackMethod: "POST",
    statusCallback: `${OURS}/status`,
    ...changes,
  };
}

function service(changes: Partial<ServiceSource> = {}): ServiceSource {
  const name = "Messaging Service Bank";
  return { ...sender(), name, senders: [BUSINESS], usesSenderWebhooks: false, ...changes };
}

const essence = (findings: Finding[]) => findings.map(({ level, code, set }) => [level, code, set]);

Deno.test("checkWebhook() finds nothing when the sender is configured as it should be", () => {
  assert.deepEqual(checkWebhook({ senders: [sender()], services: [] }, expected), []);
});

const mistakes: [what: string, changes: Partial<WebhookSource>, expected: unknown[]][] = [
  ["another URL", { url: "https://old.example/in#rc=3&rp=all" }, ["wrong", "other_url", RIGHT]],
  ["another function of ours", { url: `${OURS}s` }, ["wrong", "other_url", RIGHT]],
  ["the URL of status callbacks", { url: `${OURS}/status` }, ["wrong", "other_url", RIGHT]],
  ["what is no URL", { url: "twilio-webhook" }, ["wrong", "other_url", RIGHT]],
  ["http", { url: RIGHT.replace("https", "http") }, ["wrong", "http", RIGHT]],
  ["a slash at the end", { url: `${OURS}/#rc=3&rp=all` }, ["hint", "trailing_slash", RIGHT]],
  ["two slashes at the end", { url: `${OURS}//` }, ["wrong", "other_url", RIGHT]],
  ["http and a slash", { url: "http" + OURS.slice(5) + "/" }, ["wrong", "http", RIGHT]],
  ["no URL", { url: null }, ["wrong", "url_missing", RIGHT]],
  ["PUT", { method: "PUT" }, ["wrong", "method", "POST"]],
  ["no overrides", { url: OURS }, ["wrong", "overrides_missing", RIGHT]],
  ["no retries", { url: `${OURS}#rc=0&rp=all` }, ["wrong", "overrides_missing", RIGHT]],
  ["retries of 4xx alone", { url: `${OURS}#rc=5&rp=4xx` }, ["wrong", "overrides_missing", RIGHT]],
  ["no fallback URL", { fallbackUrl: null }, ["hint", "fallback_missing", RIGHT]],
  ["another fallback URL", { fallbackUrl: "https://old.example/" }, ["wrong", "other_url", RIGHT]],
  ["GET for the fallback", { fallbackMethod: "GET" }, ["wrong", "method", "POST"]],
  ["no status callback", { statusCallback: null }, ["hint", "status_callback", `${OURS}/status`]],
  ["another status callback", { statusCallback: OURS }, [
    "hint",
    "status_callback",
    `${OURS}/status`,
  ]],
];

for (const [what, changes, finding] of mistakes) {
  Deno.test(`checkWebhook() finds ${what}, and says what to set`, () => {
    const found = { senders: [sender(changes)], services: [] };
    assert.deepEqual(essence(checkWebhook(found, expected)), [finding]);
    const inFront = { senders: [sender({ url: null })], services: [service(changes)] };
    if (changes.url === null) return;
    assert.deepEqual(essence(checkWebhook(inFront, expected)), [finding], "of a service");
  });
}

for (
  const [what, url] of [
    ["other retries", `${OURS}#rc=1&rp=5xx,ct,rt&e=frankfurt`],
    ["a query", `${OURS}?region=eu#rc=3&rp=all`],
    ["user and password", RIGHT.replace("//", "//user:secret@")],
    ["the port named", RIGHT.replace(".co/", ".co:443/")],
  ] as const
) {
  Deno.test(`checkWebhook() has nothing against ${what}`, () => {
    assert.deepEqual(checkWebhook({ senders: [sender({ url })], services: [] }, expected), []);
  });
}

Deno.test("checkWebhook() shows no password", () => {
  const url = "https://user:secret@old.example/";
  const [finding] = checkWebhook({ senders: [sender({ url })], services: [] }, expected);
  assert.doesNotMatch(finding?.problem ?? "", /secret/);
});

Deno.test("checkWebhook() finds a Messaging Service that receives nothing", () => {
  const found = { senders: [sender({ url: null })], services: [service({ url: null })] };
  const findings = checkWebhook(found, expected);
  assert.deepEqual(essence(findings), [["wrong", "receiving_disabled", RIGHT]]);
  assert.deepEqual([findings[0]?.source, findings[0]?.field], [
    "Messaging Service Bank",
    "inbound_request_url",
  ]);
});

Deno.test("checkWebhook() leaves out what a Messaging Service leaves to its senders", () => {
  const left = service({ url: null, usesSenderWebhooks: true });
  assert.deepEqual(checkWebhook({ senders: [sender()], services: [left] }, expected), []);
  const neither = { senders: [sender({ url: null })], services: [left] };
  assert.deepEqual(essence(checkWebhook(neither, expected)), [["wrong", "url_missing", RIGHT]]);
});

Deno.test("checkWebhook() finds that both the service and its sender call us", () => {
  const both = { senders: [sender()], services: [service()] };
  assert.deepEqual(essence(checkWebhook(both, expected)), [["wrong", "called_twice", null]]);
  const others = { senders: [sender()], services: [service({ senders: ["whatsapp:+1"] })] };
  assert.deepEqual(checkWebhook(others, expected), [], "a service of other senders");
});

Deno.test("checkWebhook() finds that there is no sender, and that our own URL is http", () => {
  const nobody = checkWebhook({ senders: [], services: [] }, expected);
  assert.deepEqual(essence(nobody), [["wrong", "no_sender", null]]);
  const url = OURS.replace("https", "http");
  const set = "https://project.supabase.co/functions/v1";
  const plain = checkWebhook({
    senders: [
      sender({ url: `${url}#rc=3&rp=all`, fallbackUrl: url, statusCallback: `${url}/status` }),
    ],
    services: [],
  }, { url });
  assert.deepEqual(essence(plain), [["wrong", "public_url_http", set]]);
});

Deno.test("describeFindings() has a line for what is wrong and one for what to set", () => {
  const findings = checkWebhook({ senders: [sender({ url: OURS })], services: [] }, expected);
  const text = describeFindings(findings, { sources: [BUSINESS], expected });
  assert.match(text, /^WRONG whatsapp:\+14155238886: webhook\.callback_url lacks connection/m);
  assert.ok(text.includes(`\n      Set it to ${RIGHT}\n`));
  assert.match(text, /1 wrong$/);
  assert.match(describeFindings([], { sources: [BUSINESS], expected }), /Nothing is wrong$/);
});

const credentials = { TWILIO_ACCOUNT_SID: ACCOUNT_SID, TWILIO_AUTH_TOKEN: AUTH_TOKEN };

Deno.test("checkSettings() asks the simulator of the local stack when nothing is given", () => {
  const { account, expected } = checkSettings({}, { basePort: 55320 });
  assert.equal(account.messagingApiUrl, "http://127.0.0.1:55323");
  assert.equal(expected.url, "http://127.0.0.1:55321/functions/v1/twilio-webhook");
});

Deno.test("checkSettings() asks Twilio itself about a project, and only with credentials", () => {
  const project = { projectUrl: "https://project.supabase.co/" };
  const { account, expected } = checkSettings(credentials, project);
  assert.equal(account.messagingApiUrl, "https://messaging.twilio.com");
  assert.equal(expected.url, OURS);
  assert.throws(() => checkSettings({}, project), /TWILIO_AUTH_TOKEN is missing/);
});

Deno.test("checkSettings() expects the public URL that a project is given, as the doctor does", () => {
  const given = { ...credentials, PUBLIC_FUNCTIONS_URL: "https://api.bank.example/functions/v1" };
  const { expected } = checkSettings(given, { projectUrl: "https://project.supabase.co" });
  assert.equal(expected.url, "https://api.bank.example/functions/v1/twilio-webhook");
});

Deno.test("checkSettings() takes the public URL and the API that are given", () => {
  const { account, expected } = checkSettings({
    PUBLIC_FUNCTIONS_URL: "https://tunnel.example/f",
    TWILIO_MESSAGING_API_URL: "http://127.0.0.1:9/",
  }, {});
  assert.equal(account.messagingApiUrl, "http://127.0.0.1:9");
  assert.equal(expected.url, "https://tunnel.example/f/twilio-webhook");
});

const accountAt = (messagingApiUrl: string, authToken = AUTH_TOKEN) => ({
  ...{ accountSid: ACCOUNT_SID, authToken, messagingApiUrl },
});

Deno.test("readWebhooks() reads every sender and service, or those that were asked for", async () => {
  await using twilio = await testSimulator({ webhookUrl: RIGHT, fallbackUrl: RIGHT });
  await twilio.inbound({ from: CUSTOMER, to: "whatsapp:+15550001111", deliver: false });
  const account = accountAt(twilio.url);
  const names = async (asked: { sender?: string; service?: string }) => {
    const { senders, services } = await readWebhooks(account, asked);
    return [senders.map(({ name }) => name), services.map(({ name }) => name)];
  };
  assert.deepEqual(await names({}), [[BUSINESS, "whatsapp:+15550001111"], []]);
  assert.deepEqual(await names({ sender: BUSINESS }), [[BUSINESS], []]);
  assert.deepEqual(await names({ sender: "whatsapp:+1" }), [[], []]);
  const sid = `MG${"1".repeat(32)}`;
  twilio.webhook.service = {
    ...{ sid, name: "Bank", inboundUrl: null, inboundMethod: "POST", fallbackUrl: null },
    ...{ fallbackMethod: "POST", statusCallback: null, useInboundWebhookOnNumber: false },
  };
  const named = [`Messaging Service Bank, ${sid}`];
  assert.deepEqual(await names({ sender: BUSINESS }), [[BUSINESS], named]);
  assert.deepEqual(await names({ service: sid }), [[BUSINESS, "whatsapp:+15550001111"], named]);
  const { senders: [first] } = await readWebhooks(account, {});
  assert.deepEqual(first, sender({ statusCallback: null }));
});

Deno.test("readWebhooks() says why Twilio could not be asked", async () => {
  await using twilio = await testSimulator();
  const wrongToken = readWebhooks(accountAt(twilio.url, "wrong"), {});
  await assert.rejects(wrongToken, /answered 401: the account or its token is wrong/);
  const nobody = readWebhooks(accountAt("http://127.0.0.1:65535"), {});
  await assert.rejects(nobody, /Cannot ask Twilio/);
});

/** The task as a person runs it, on a stack whose Twilio is this simulator. */
async function run(twilio: { url: string }, given: Record<string, string>, ...args: string[]) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "local/webhook_check.ts", ...args],
    env: { ...credentials, TWILIO_MESSAGING_API_URL: twilio.url, ...given },
    stdout: "piped",
  }).output();
  return { code, text: new TextDecoder().decode(stdout) };
}

Deno.test("deno task webhook:check exits with 0, 1 or 2, and speaks JSON when told", async () => {
  await using twilio = await testSimulator({ webhookUrl: RIGHT });
  const given = { PUBLIC_FUNCTIONS_URL: "https://project.supabase.co/functions/v1" };
  const right = await run(twilio, given);
  assert.equal(right.code, 0, right.text);
  assert.match(right.text, /^HINT {2}whatsapp:\+14155238886: webhook\.fallback_url is empty/m);
  twilio.webhook.method = "PUT";
  const wrong = await run(twilio, given, "--json", "--sender", BUSINESS);
  assert.equal(wrong.code, 1);
  const { ok, findings } = JSON.parse(wrong.text);
  assert.deepEqual([ok, findings[0].code], [false, "method"]);
  const unasked = await run({ url: "http://127.0.0.1:65535" }, given);
  assert.deepEqual([unasked.code, /Cannot ask Twilio/.test(unasked.text)], [2, true]);
});
