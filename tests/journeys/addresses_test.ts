/** Who writes, and to which of our numbers: replies go back the way the message came. */
import assert from "node:assert/strict";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

Deno.test("a reply leaves from the number last written to, in the same conversation", async () => {
  await using test = await startTestStack();
  const customer = "whatsapp:+5511900000011";
  const numbers = ["whatsapp:+14155238886", "whatsapp:+551140040001"];

  for (const [index, to] of numbers.entries()) {
    await test.stack.twilio.inbound({ from: customer, to, body: `Hello number ${index}` });
    await replied(test, customer, index + 1);
  }

  const senders = test.stack.twilio.sent(customer).map(({ from }) => from);
  assert.deepEqual(senders, numbers);
  const [counts] = await test.sql`select count(*)::int as conversations from cc_conversations`;
  assert.equal(counts?.["conversations"], 1);
});

Deno.test("an SMS comes through the same door and is answered as an SMS, in a conversation of its own", async () => {
  await using test = await startTestStack();
  const [phone, business] = ["+5511900000012", "+14155550100"];

  await test.stack.twilio.inbound({ from: phone, to: business, channel: "sms", body: "Hello" });
  const [reply] = await replied(test, phone, 1);

  assert.equal(reply?.from, business);
  const conversations = await test
    .sql`select channel, provider_conversation_id from cc_conversations`;
  assert.deepEqual([...conversations], [{ channel: "sms", provider_conversation_id: phone }]);
});

Deno.test("a customer without a phone number is answered at the address that came", async () => {
  await using test = await startTestStack();
  const customer = "whatsapp:BR.1A2b3C4d5E6f7G8h9I0j";

  await test.stack.twilio.inbound({ from: customer, body: "Hello", ProfileName: "Ana" });
  const [reply] = await replied(test, customer, 1);

  assert.equal(reply?.to, customer);
  const [address] = await test.sql`select address from cc_customer_addresses`;
  assert.equal(address?.["address"], customer);
});

async function replied({ stack }: TestStack, to: string, count: number) {
  return await stack.twilio.waitForOutbound({ to, count, timeoutMs: 20_000 });
}
