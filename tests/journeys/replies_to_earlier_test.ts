/** What a message is besides its text is linked, stored and told to the agent. */
import assert from "node:assert/strict";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const CUSTOMER = "whatsapp:+5511900000021";

Deno.test("a reply to an earlier message is linked to our row, and the agent sees what it answers", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0`;
  await stack.twilio.inbound({ from: CUSTOMER, body: "Hello" });
  const [said] = await stack.twilio.waitForOutbound({
    ...{ to: CUSTOMER, count: 1, timeoutMs: 20_000 },
  });

  const { messageSid } = await stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "The second one", OriginalRepliedMessageSid: said?.sid },
    OriginalRepliedMessageSender: "whatsapp:+14155238886",
  });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 2, timeoutMs: 20_000 });

  const [linked] = await sql`
    select earlier.provider_message_id as sid from cc_messages as message
    join cc_messages as earlier on earlier.id = message.replied_to_message_id
    where message.provider_message_id = ${messageSid}`;
  assert.equal(linked?.["sid"], said?.sid);
  assert.equal(
    lastInput(test),
    `[The customer replies to your earlier message: ${JSON.stringify(said?.body)}]\nThe second one`,
  );
});

Deno.test("the agent is told the place, the button's payload, and that a message was forwarded", async () => {
  await using test = await startTestStack({ AGENTS: "openai" });
  const { stack } = test;
  await stack.twilio.inbound({
    ...{ from: CUSTOMER, body: "", Latitude: "-23.5", Longitude: "-46.6", Label: "MASP" },
    ...{ Forwarded: "true" },
  });
  await stack.twilio.waitForOutbound({ to: CUSTOMER, count: 1, timeoutMs: 20_000 });

  const told = lastInput(test);
  assert.match(told, /^\[The customer sent this kind of message: location\.\]\n/);
  const details = JSON.parse(told.match(/\[With it came: (.*)\]/)?.[1] ?? "{}");
  assert.deepEqual(details, {
    ...{ latitude: "-23.5", longitude: "-46.6", label: "MASP", forwarded: "once" },
  });
});

/** What the model was last told the customer said. */
function lastInput({ stack }: TestStack): string {
  const body = stack.openai.requests().at(-1)?.body as { input: { content: string }[] };
  return body.input.at(-1)?.content ?? "";
}
