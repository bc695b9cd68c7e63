/** The orchestrator's door: who may ring, what a ring is, and that it never waits for the work. */
import assert from "node:assert/strict";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { createApp } from "../../../supabase/functions/orchestrator/app.ts";
import { CONVERSATION_ID } from "../../support/factories.ts";
import {
  type FakeOrchestratorDeps,
  ORCHESTRATOR_KEY,
  orchestratorDeps,
} from "../../support/fakes.ts";
import { conversationWith } from "./waiting_messages.ts";

interface Ring {
  key?: string | null;
  contentType?: string;
  body?: BodyInit;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
}

const DISPATCH = JSON.stringify({ conversationId: CONVERSATION_ID });

async function ring(deps: FakeOrchestratorDeps, options: Ring = {}): Promise<Response> {
  const { key = ORCHESTRATOR_KEY, method = "POST", body = DISPATCH, path = "/orchestrator" } =
    options;
  const headers = {
    "content-type": options.contentType ?? "application/json",
    ...(key === null ? {} : { apikey: key }),
    ...options.headers,
  };
  const init = method === "GET" ? { method, headers } : { method, headers, body };
  return await createApp(deps).request(`http://edge-runtime.supabase.com${path}`, init);
}

Deno.test("POST /orchestrator answers 202 at once and does the work after it", async () => {
  const deps = orchestratorDeps();
  const conversationId = await conversationWith(deps, "Hello");
  const claimTurn = deps.database.claimTurn;
  const answered = Promise.withResolvers<void>();
  deps.database.claimTurn = async (id) => {
    await answered.promise;
    return await claimTurn(id);
  };
  const response = await ring(deps, { body: JSON.stringify({ conversationId }) });
  assert.equal(response.status, 202);
  assert.deepEqual(await response.json(), { status: "accepted" });
  assert.deepEqual(deps.sent, []);

  answered.resolve();
  await deps.finished();
  assert.deepEqual(deps.sent, ["Good morning!"]);
});

Deno.test("POST /orchestrator trusts the database, not the rest of the body", async () => {
  const deps = orchestratorDeps();
  const conversationId = await conversationWith(deps, "Hello");
  const rest = { messageId: "x", message: "Other", customerInfo: null, channel: { to: "x" } };
  const response = await ring(deps, { body: JSON.stringify({ ...rest, conversationId }) });
  await deps.finished();
  assert.equal(response.status, 202);
  assert.deepEqual(deps.database.state.messages.map(({ bodyText }) => bodyText), [
    "Hello",
    "Good morning!",
  ]);
});

Deno.test("POST /orchestrator does the work once, however often it is rung", async () => {
  const deps = orchestratorDeps();
  const body = JSON.stringify({ conversationId: await conversationWith(deps, "Hello") });
  await Promise.all([ring(deps, { body }), ring(deps, { body }), ring(deps, { body })]);
  await deps.finished();
  assert.deepEqual(deps.sent, ["Good morning!"]);
});

Deno.test("POST /orchestrator reports the code when the work fails, and nothing else", async () => {
  const deps = orchestratorDeps();
  deps.database.failure = new DatabaseError("claim_turn", "57014", 500);
  assert.equal((await ring(deps)).status, 202);
  await deps.finished();
  assert.deepEqual(deps.events, [
    { event: "conversation.failed", conversationId: CONVERSATION_ID, code: "57014" },
  ]);
});

Deno.test("POST /orchestrator accepts each key during a rotation", async () => {
  const deps = orchestratorDeps({ callerKeys: ["older", "newer"] });
  assert.equal((await ring(deps, { key: "older" })).status, 202);
  assert.equal((await ring(deps, { key: "newer" })).status, 202);
});

const refused: [reason: string, options: Ring, status: number, code: string][] = [
  ["it has no key", { key: null }, 403, "key_invalid"],
  ["its key is empty", { key: "" }, 403, "key_invalid"],
  ["its key is another", { key: ORCHESTRATOR_KEY + "x" }, 403, "key_invalid"],
  ["it has no key for a GET either", { key: null, method: "GET" }, 403, "key_invalid"],
  ["it is a GET", { method: "GET" }, 405, "method_not_allowed"],
  ["it is a PUT", { method: "PUT" }, 405, "method_not_allowed"],
  ["its path is unknown", { path: "/orchestrator/other" }, 404, "not_found"],
  ["it is for another function", { path: "/other" }, 404, "not_found"],
  [
    "it is a form",
    { contentType: "application/x-www-form-urlencoded" },
    415,
    "content_type_unsupported",
  ],
  ["its type is like JSON", { contentType: "application/jsonp" }, 415, "content_type_unsupported"],
  ["its body is too large", { body: " ".repeat(256 * 1024 + 1) }, 413, "body_too_large"],
];

const notDispatches = ["", "{", "null", "[]", "{}", `"${CONVERSATION_ID}"`, `{"conversationId":1}`];
for (const body of [...notDispatches, `{"conversationId":"${CONVERSATION_ID}x"}`]) {
  refused.push([`its body is ${body || "empty"}`, { body }, 400, "conversation_id_missing"]);
}

for (const [reason, options, status, code] of refused) {
  Deno.test(`The orchestrator answers ${status} when ${reason}`, async () => {
    const deps = orchestratorDeps();
    const response = await ring(deps, options);
    assert.equal(response.status, status);
    assert.deepEqual(await response.json(), { error: code });
    assert.deepEqual(deps.database.calls, []);
    const events = status === 404 ? [] : [{ event: "request.refused", code }];
    assert.deepEqual(deps.events, events);
  });
}

Deno.test("The orchestrator stops reading a body without length at its limit", async () => {
  let bytes = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (bytes >= 10 * 256 * 1024) return controller.close();
      bytes += 16_384;
      controller.enqueue(new Uint8Array(16_384));
    },
  }, { highWaterMark: 0 });
  assert.equal((await ring(orchestratorDeps(), { body })).status, 413);
  assert.ok(bytes <= 256 * 1024 + 2 * 16_384, `${bytes} bytes were read`);
});
