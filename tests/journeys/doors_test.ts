/** The doors over HTTP, on the whole stack: what is refused leaves no trace, and the keys rotate. */
import assert from "node:assert/strict";
import { ACCOUNT_SID, AUTH_TOKEN } from "../support/factories.ts";
import { KEY_SETTINGS, otherMethods, otherPaths, ROUTES } from "../support/routes.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const SECRET_WORDS = "the customer's own words";

interface Asked {
  name: string;
  path: string;
  method: string;
  headers?: Record<string, string>;
  body?: BodyInit;
}

async function ask({ stack }: TestStack, { name, path, method, headers = {}, body }: Asked) {
  const url = `${stack.gateway.url}/functions/v1/${name}${path}`;
  const bodiless = method === "GET" || method === "HEAD";
  const init = { method, headers, ...(bodiless ? {} : { body: body ?? SECRET_WORDS }) };
  const response = await fetch(url, init);
  await response.body?.cancel();
  return response.status;
}

function keyOf({ stack }: TestStack, name: string): Record<string, string> {
  const key = stack.environment[KEY_SETTINGS[name] ?? ""];
  return key ? { apikey: key } : {};
}

async function assertNoTrace({ sql, lines }: TestStack) {
  const [counts] = await sql`
    select (select count(*)::int from cc_messages) as messages,
      (select count(*)::int from cc_rejected_webhooks) as rejected,
      (select count(*)::int from cc_private.webhook_signatures) as signatures,
      (select count(*)::int from cc_audit_logs where event_type <> 'settings_changed') as audited`;
  assert.deepEqual({ ...counts }, { messages: 0, rejected: 0, signatures: 0, audited: 0 });
  assert.ok(!lines.some((line) => line.includes(SECRET_WORDS)), "no log line quotes a body");
}

Deno.test("over HTTP, what is outside the contract is refused and leaves no trace", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  for (const request of otherMethods()) {
    const headers = keyOf(test, request.name);
    assert.equal(await ask(test, { ...request, headers }), 405, JSON.stringify(request));
  }
  for (const request of otherPaths()) {
    const headers = keyOf(test, request.name);
    assert.equal(await ask(test, { ...request, headers }), 404, JSON.stringify(request));
  }
  for (const request of ROUTES) {
    const isTwilios = request.name === "twilio-webhook";
    // Whoever is nobody learns no more than that.
    assert.equal(await ask(test, request), isTwilios ? 415 : 403, JSON.stringify(request));
    const forged = { "x-twilio-signature": "Zm9yZ2Vk", apikey: "forged" };
    const body = new URLSearchParams({ AccountSid: ACCOUNT_SID, Body: SECRET_WORDS });
    assert.equal(await ask(test, { ...request, headers: forged, body }), 403);
  }
  await assertNoTrace(test);
});

Deno.test("over HTTP, nothing is read past the limit, whatever the length is said to be", async () => {
  await using test = await startTestStack();
  const signed = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": "Zm9yZ2Vk",
  };
  const large = "a".repeat(300 * 1024);
  for (const path of ["", "/status"]) {
    const request = { name: "twilio-webhook", path, method: "POST", headers: signed };
    assert.equal(await ask(test, { ...request, body: large }), 413);
    // Without a length: in chunks, to the process itself, since a gateway may not pass on an answer
    // that comes before it has sent all.
    const url = `${test.stack.functions.originOf("twilio-webhook")}/twilio-webhook${path}`;
    const body = new Blob([large]).stream();
    const response = await fetch(url, { method: "POST", headers: signed, body });
    assert.deepEqual([response.status, await response.json()], [413, { error: "body_too_large" }]);
  }
  await assertNoTrace(test);
});

Deno.test("over HTTP, both keys of a function open it during a rotation, and Twilio's both tokens", async () => {
  const secondary = Object.values(KEY_SETTINGS).map((name) => [`${name}_SECONDARY`, `new ${name}`]);
  await using test = await startTestStack({
    ...Object.fromEntries(secondary),
    TWILIO_AUTH_TOKEN_SECONDARY: AUTH_TOKEN.replaceAll("0", "f"),
  }, { lazy: [] });
  for (const { name, path, method } of ROUTES.filter(({ name }) => name in KEY_SETTINGS)) {
    if (path === "/webhooks") continue;
    const body = JSON.stringify(
      name === "orchestrator" ? { conversationId: crypto.randomUUID() } : {},
    );
    const setting = KEY_SETTINGS[name] ?? "";
    for (const apikey of [test.stack.environment[setting] ?? "", `new ${setting}`]) {
      const headers = { apikey, "content-type": "application/json" };
      const status = await ask(test, { name, path, method, headers, body });
      // What health says is another question.
      assert.ok([200, 202, 503].includes(status), `${name}${path}: ${status}`);
    }
  }
});

Deno.test("GET /operations/webhooks asks Twilio from its own process, and says what is wrong", async () => {
  await using test = await startTestStack({}, { lazy: [] });
  const ask = async () => {
    const url = `${test.stack.gateway.url}/functions/v1/operations/webhooks`;
    const response = await fetch(url, { headers: keyOf(test, "operations") });
    return { httpStatus: response.status, ...await response.json() };
  };
  const first = await ask();
  assert.deepEqual([first.httpStatus, first.reasons[0]?.kind], [503, "overrides_missing"]);
  assert.match(first.reasons[0].text, /Set it to http:\/\/.*#rc=3&rp=all$/);
  test.stack.twilio.webhook.url += "#rc=3&rp=all";
  const mended = await ask();
  assert.deepEqual([mended.httpStatus, mended.status, mended.reasons], [200, "ok", []]);
});
