/** Messages that Twilio signed: stored once, answered with TwiML. */
import assert from "node:assert/strict";
import { webhookParameters } from "../../support/factories.ts";
import { webhookDeps } from "../../support/fakes.ts";
import { post } from "../../support/webhook_request.ts";
import { assertSilentTwiml, SILENT_TWIML } from "./assert_twiml.ts";

Deno.test("POST /twilio-webhook stores a signed text and answers silent TwiML", async () => {
  const deps = webhookDeps();
  await assertSilentTwiml(await post(deps, { parameters: webhookParameters({ Body: "Oi! 😀" }) }));
  assert.deepEqual(deps.database.state.messages.map(({ bodyText }) => bodyText), ["Oi! 😀"]);
  assert.equal(deps.database.state.customers[0]?.name, "Ana");
  const [stored] = deps.database.state.messages;
  assert.deepEqual(deps.events, [{
    event: "message.received",
    conversationId: stored?.conversationId,
    messageId: stored?.id,
    isNew: true,
    ms: 0,
  }]);
});

Deno.test("POST /twilio-webhook/ takes a message too: a slash configured at the end loses none", async () => {
  const deps = webhookDeps();
  await assertSilentTwiml(await post(deps, { path: "/twilio-webhook/" }));
  assert.equal(deps.database.state.messages.length, 1);
});

Deno.test("POST /twilio-webhook makes one call of the database", async () => {
  const deps = webhookDeps();
  await post(deps);
  assert.deepEqual(deps.database.calls, ["ingestInboundMessage"]);
});

Deno.test("POST /twilio-webhook changes nothing when Twilio repeats a message", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters();
  await post(deps, { parameters });
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.equal(deps.database.state.messages.length, 1);
  const news = deps.events.map((event) => event.event === "message.received" && event.isNew);
  assert.deepEqual(news, [true, false]);
});

Deno.test("POST /twilio-webhook says the acknowledgement text once, escaped", async () => {
  const deps = webhookDeps({ acknowledgementText: `Thanks & <b>"wait"</b>` });
  const parameters = webhookParameters();
  const first = await post(deps, { parameters });
  assert.equal(first.headers.get("content-type"), "text/xml; charset=utf-8");
  assert.equal(
    await first.text(),
    SILENT_TWIML.replace(
      "<Response/>",
      `<Response><Message>Thanks &amp; &lt;b&gt;"wait"&lt;/b&gt;</Message></Response>`,
    ),
  );
  await assertSilentTwiml(await post(deps, { parameters }));
});

Deno.test("POST /twilio-webhook acknowledges no webhook that it rejects", async () => {
  const deps = webhookDeps({ acknowledgementText: "Thanks" });
  await assertSilentTwiml(await post(deps, { parameters: { Body: "no sender" } }));
});

Deno.test("POST /twilio-webhook keeps every parameter, unknown and repeated ones too", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters({
    Body: ["first", "second"],
    NewThing: "x",
    "": "nameless",
  });
  let stored: unknown;
  deps.database.ingestInboundMessage = (message) => {
    stored = message;
    return Promise.reject(new Error("only looking"));
  };
  await assertSilentTwiml(await post(deps, { parameters }));
  const { bodyText, bodyJson } = stored as {
    bodyText: string;
    bodyJson: { parameters: Record<string, unknown> };
  };
  assert.equal(bodyText, "first");
  assert.deepEqual({ ...bodyJson.parameters }, parameters);
});

Deno.test("POST /twilio-webhook takes a parameter called __proto__ for one like any other", async () => {
  const deps = webhookDeps();
  const parameters = Object.fromEntries([
    ...Object.entries(webhookParameters()),
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  await assertSilentTwiml(await post(deps, { parameters }));
  assert.equal(deps.database.state.messages.length, 1);
});

Deno.test("POST /twilio-webhook stores NULs and broken Unicode in a storable form", async () => {
  const deps = webhookDeps();
  const parameters = webhookParameters({
    Body: "a\u0000b\u001b \u202e שלום",
    ProfileName: "\u0000",
  });
  await assertSilentTwiml(await post(deps, { parameters }));
  const [message] = deps.database.state.messages;
  assert.equal(message?.bodyText, "a\u001b0000b\u001b001b \u202e שלום");
  assert.equal(deps.database.state.customers[0]?.name, "\u001b0000");
});

Deno.test("POST /twilio-webhook reads broken UTF-8 as replacement characters", async () => {
  const deps = webhookDeps();
  // What a form decoder makes of bytes that are no UTF-8 is what the signature is over.
  const parameters = webhookParameters({ Body: "bad \ufffd bytes" });
  const body = new URLSearchParams(parameters as Record<string, string>).toString()
    .replace("%EF%BF%BD", "%ff");
  await assertSilentTwiml(await post(deps, { parameters, body }));
  assert.equal(deps.database.state.messages[0]?.bodyText, "bad \ufffd bytes");
});
