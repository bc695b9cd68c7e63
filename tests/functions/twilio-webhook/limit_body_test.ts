/** Bodies over the limit: refused without being read whole, whatever their length claims to be. */
import assert from "node:assert/strict";
import { webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { formBody, post, signatureFor } from "../../support/webhook_request.ts";
import { assertSilentTwiml } from "./assert_twiml.ts";

const LIMIT_BYTES = 256 * 1024;
const CHUNK_BYTES = 16 * 1024;

/** Ten times the limit, made as it is read; it counts what was asked of it. */
function countingBody() {
  const count = { bytes: 0 };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (count.bytes >= 10 * LIMIT_BYTES) return controller.close();
      count.bytes += CHUNK_BYTES;
      controller.enqueue(new Uint8Array(CHUNK_BYTES).fill(97));
    },
  }, { highWaterMark: 0 });
  return { stream, count };
}

function parametersOfLength(bytes: number): Record<string, string | string[]> {
  const parameters = webhookParameters({ Body: "" });
  return { ...parameters, Body: "a".repeat(bytes - formBody(parameters).length) };
}

Deno.test("POST /twilio-webhook answers 413 and stops reading at the limit", async () => {
  const deps = webhookDeps();
  const { stream, count } = countingBody();
  const response = await post(deps, { body: stream, signature: "unimportant" });
  assert.equal(response.status, 413);
  assert.deepEqual(await response.json(), { error: "body_too_large" });
  assert.ok(count.bytes <= LIMIT_BYTES + 2 * CHUNK_BYTES, `${count.bytes} bytes were read`);
  assert.deepEqual(deps.database.calls, []);
});

Deno.test("POST /twilio-webhook answers 413 to a content-length over the limit, reading nothing", async () => {
  const deps = webhookDeps();
  const { stream, count } = countingBody();
  const headers = { "content-length": String(10 * LIMIT_BYTES) };
  const response = await post(deps, { body: stream, signature: "unimportant", headers });
  assert.equal(response.status, 413);
  assert.equal(count.bytes, 0);
  assert.deepEqual(deps.events, [{ event: "request.refused", code: "body_too_large" }]);
});

Deno.test("POST /twilio-webhook accepts a body of exactly the limit, one byte more not", async () => {
  const deps = webhookDeps();
  await assertSilentTwiml(await post(deps, { parameters: parametersOfLength(LIMIT_BYTES) }));
  const longer = await post(deps, { parameters: parametersOfLength(LIMIT_BYTES + 1) });
  assert.equal(longer.status, 413);
});

Deno.test("POST /twilio-webhook reads a body without content-length as well", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters();
  const body = new Blob([formBody(parameters)]).stream();
  await assertSilentTwiml(await post(deps, { body, signature: signatureFor(parameters) }));
  assert.equal(deps.database.state.messages.length, 1);
});

Deno.test("POST /twilio-webhook reads no body that has the wrong content type or no signature", async () => {
  const told = { "content-length": String(LIMIT_BYTES) };
  for (const request of [{ contentType: "text/plain" }, { signature: null }]) {
    for (const headers of [told, {}]) {
      const { stream, count } = countingBody();
      const response = await post(webhookDeps(), { ...request, body: stream, headers });
      assert.ok([403, 415].includes(response.status), `${response.status}`);
      assert.equal(count.bytes, 0);
    }
  }
});
