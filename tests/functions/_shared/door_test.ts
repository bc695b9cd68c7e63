/** What the doors of all functions have in common. */
import assert from "node:assert/strict";
import {
  createDoor,
  limitBody,
  readText,
  refuseMethod,
  requireKey,
} from "../../../supabase/functions/_shared/door.ts";
import { RequestError } from "../../../supabase/functions/_shared/errors.ts";
import type { Event } from "../../../supabase/functions/_shared/events.ts";

const LIMIT_BYTES = 256 * 1024;

/** A door with one route that answers with the length of what it was sent. */
function door() {
  const events: Event[] = [];
  const app = createDoor("thing", (event) => events.push(event));
  app.use(requireKey(["first", "second"]));
  app.post("/", limitBody, async (c) => c.text(String((await readText(c.req.raw)).length)));
  app.post("/mistake", () => {
    throw new TypeError("a mistake of ours");
  });
  app.post("/strict", () => {
    throw new RequestError("conversation_id_missing", 400);
  });
  app.all("/", refuseMethod);
  const ask = async (path: string, init: RequestInit & { key?: string | null } = {}) => {
    const { key = "first", ...rest } = init;
    const headers = new Headers(init.headers);
    if (key !== null) headers.set("apikey", key);
    return await app.request(`http://internal${path}`, { method: "POST", ...rest, headers });
  };
  return { ask, events };
}

async function assertRefused(response: Response, status: number, code: string): Promise<void> {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error: code });
}

Deno.test("createDoor() stands below its function's name, with and without a slash", async () => {
  const { ask } = door();
  for (const path of ["/thing", "/thing?x=1"]) {
    assert.equal(await (await ask(path, { body: "abc" })).text(), "3");
  }
  await assertRefused(await ask("/thing/other"), 404, "not_found");
});

for (const path of ["/", "/other", "/things", "/functions/v1/thing"]) {
  Deno.test(`createDoor() answers 404 to ${path}, whoever asks`, async () => {
    const { ask, events } = door();
    await assertRefused(await ask(path, { key: null }), 404, "not_found");
    assert.deepEqual(events, []);
  });
}

Deno.test("createDoor() turns a RequestError into its answer and a report", async () => {
  const { ask, events } = door();
  await assertRefused(await ask("/thing/strict"), 400, "conversation_id_missing");
  assert.deepEqual(events, [{ event: "request.refused", code: "conversation_id_missing" }]);
});

Deno.test("createDoor() hides no mistake of ours", async () => {
  await assert.rejects(door().ask("/thing/mistake"), TypeError);
});

for (const key of [null, "", "firs", "first ".repeat(2), "third", "FIRST", "first, second"]) {
  Deno.test(`requireKey() answers 403 to the key ${JSON.stringify(key)}`, async () => {
    const { ask, events } = door();
    await assertRefused(await ask("/thing", { key, body: "abc" }), 403, "key_invalid");
    assert.deepEqual(events, [{ event: "request.refused", code: "key_invalid" }]);
  });
}

Deno.test("requireKey() lets each of the keys in, and no other header", async () => {
  const { ask } = door();
  assert.equal((await ask("/thing", { key: "first" })).status, 200);
  assert.equal((await ask("/thing", { key: "second" })).status, 200);
  const headers = { authorization: "Bearer first" };
  await assertRefused(await ask("/thing", { key: null, headers }), 403, "key_invalid");
});

Deno.test("limitBody answers 413 to one byte over the limit", async () => {
  const { ask, events } = door();
  const fitting = await ask("/thing", { body: "a".repeat(LIMIT_BYTES) });
  assert.equal(await fitting.text(), String(LIMIT_BYTES));
  const larger = await ask("/thing", { body: "a".repeat(LIMIT_BYTES + 1) });
  await assertRefused(larger, 413, "body_too_large");
  assert.deepEqual(events, [{ event: "request.refused", code: "body_too_large" }]);
});

for (const method of ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
  Deno.test(`refuseMethod() answers 405 to ${method}`, async () => {
    await assertRefused(await door().ask("/thing", { method }), 405, "method_not_allowed");
  });
}

/** A body that ends before its end. */
function brokenBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array([1]));
      controller.error(new TypeError("error reading a body from connection"));
    },
  });
}

const framings: [what: string, headers: Record<string, string>][] = [
  ["whose length is said", { "content-length": "100" }],
  ["in chunks", {}],
];
for (const [what, headers] of framings) {
  Deno.test(`limitBody and readText() answer 400 to a body ${what} that breaks off`, async () => {
    const { ask, events } = door();
    const response = await ask("/thing", { body: brokenBody(), headers });
    await assertRefused(response, 400, "body_unreadable");
    assert.deepEqual(events, [{ event: "request.refused", code: "body_unreadable" }]);
  });
}
