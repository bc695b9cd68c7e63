/** The doors of all functions: what is outside the contract is refused, and nothing else is done. */
import assert from "node:assert/strict";
import type { Hono } from "hono";
import type { Event } from "../../supabase/functions/_shared/events.ts";
import { createApp as createMedia } from "../../supabase/functions/media/app.ts";
import { createApp as createOperations } from "../../supabase/functions/operations/app.ts";
import { createApp as createOrchestrator } from "../../supabase/functions/orchestrator/app.ts";
import { createApp as createSync } from "../../supabase/functions/twilio-sync/app.ts";
import { createApp as createWebhook } from "../../supabase/functions/twilio-webhook/app.ts";
import { otherMethods, otherPaths, ROUTES } from "../support/routes.ts";

const KEY = "the one key";
const FUNCTIONS = new URL("../../supabase/functions", import.meta.url);

/** Whoever looks into it, or calls it, fails the request: no token is read, no database asked. */
function untouchable(name: string): never {
  const touched = () => {
    throw new Error(`${name} was touched`);
  };
  return new Proxy(touched, { get: touched, apply: touched, has: touched }) as never;
}

/** Every function, on parts of which none may be used. */
function doors(): { apps: Record<string, Hono>; events: Event[] } {
  const events: Event[] = [];
  const parts = new Proxy({
    callerKeys: [KEY],
    report: (event: Event) => events.push(event),
  } as Record<string, unknown>, {
    get: (given, name) => given[String(name)] ?? untouchable(String(name)),
  }) as never;
  const apps = {
    "twilio-webhook": createWebhook(parts),
    orchestrator: createOrchestrator(parts),
    "twilio-sync": createSync(parts),
    media: createMedia(parts),
    operations: createOperations(parts),
  };
  return { apps, events };
}

interface Asked {
  name: string;
  path: string;
  method: string;
  headers?: Record<string, string>;
}

async function ask({ name, path, method, headers = { apikey: KEY } }: Asked) {
  const { apps, events } = doors();
  const url = `http://edge-runtime.supabase.com/${name}${path}`;
  const body = method === "GET" || method === "HEAD" ? {} : { body: "Body=my+secret" };
  const response = await (apps[name] ?? assert.fail(name)).request(url, {
    ...{ method, headers },
    ...body,
  });
  const text = await response.text();
  return { status: response.status, code: text ? JSON.parse(text).error : undefined, events };
}

Deno.test("the table of routes knows every function", async () => {
  const folders = (await Array.fromAsync(Deno.readDir(FUNCTIONS)))
    .filter(({ name, isDirectory }) => isDirectory && name !== "_shared").map(({ name }) => name);
  assert.deepEqual([...new Set(ROUTES.map(({ name }) => name))].sort(), folders.sort());
});

for (const request of otherMethods()) {
  Deno.test(`${request.method} /${request.name}${request.path} answers 405 and does nothing else`, async () => {
    const { status, code, events } = await ask(request);
    assert.equal(status, 405);
    if (request.method !== "HEAD") assert.equal(code, "method_not_allowed");
    assert.deepEqual(events, [{ event: "request.refused", code: "method_not_allowed" }]);
  });
}

Deno.test("every other path answers 404, with any method, and does nothing else", async () => {
  for (const request of otherPaths()) {
    const { status, code, events } = await ask(request);
    assert.equal(status, 404, JSON.stringify(request));
    if (request.method !== "HEAD") assert.equal(code, "not_found");
    assert.deepEqual(events, []);
  }
});

Deno.test("without the key each path and method answers 403, so that nobody learns what is there", async () => {
  const requests = [...ROUTES, ...otherMethods(), ...otherPaths()]
    .filter(({ name }) => name !== "twilio-webhook");
  for (const request of requests) {
    for (const headers of [{}, { apikey: "" }, { apikey: `${KEY}x` }]) {
      const { status, events } = await ask({ ...request, headers });
      assert.equal(status, 403, JSON.stringify(request));
      assert.deepEqual(events, [{ event: "request.refused", code: "key_invalid" }]);
    }
  }
});

for (const type of ["application/json", "multipart/form-data; boundary=x", "text/plain", ""]) {
  Deno.test(`POST /twilio-webhook answers 415 to "${type}" before it looks at a signature`, async () => {
    for (const path of ["", "/status"]) {
      const headers = { "content-type": type, "x-twilio-signature": "any" };
      const asked = await ask({ name: "twilio-webhook", path, method: "POST", headers });
      assert.deepEqual([asked.status, asked.code], [415, "content_type_unsupported"]);
    }
  });
}

Deno.test("POST /orchestrator answers 415 to what is no JSON", async () => {
  const headers = { apikey: KEY, "content-type": "text/plain" };
  const asked = await ask({ name: "orchestrator", path: "", method: "POST", headers });
  assert.deepEqual([asked.status, asked.code], [415, "content_type_unsupported"]);
});

for (
  const [name, path] of [["twilio-webhook", ""], ["twilio-webhook", "/status"], [
    "orchestrator",
    "",
  ]]
) {
  Deno.test(`POST /${name}${path} answers 413 to a body over the limit`, async () => {
    const type = name === "orchestrator" ? "application/json" : "application/x-www-form-urlencoded";
    const headers = {
      ...{ apikey: KEY, "content-type": type, "x-twilio-signature": "any" },
      "content-length": String(1024 * 1024),
    };
    const asked = await ask({ name: String(name), path: String(path), method: "POST", headers });
    assert.deepEqual([asked.status, asked.code], [413, "body_too_large"]);
  });
}
