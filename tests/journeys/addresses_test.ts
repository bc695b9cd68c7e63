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

Deno.test("who writes by phone and by BSUID is one customer once both came together", async () => {
  await using test = await startTestStack();
  const { sql, stack } = test;
  await sql`update cc_settings set debounce_ms = 0`;
  const [phone, bsuid] = ["whatsapp:+5511900000013", "whatsapp:BR.9Z8y7X6w5V4u"];
  const ExternalUserId = bsuid;

  for (const from of [phone, bsuid]) {
    await stack.twilio.inbound({ from, body: "Hello" });
    await replied(test, from, 1);
  }
  await stack.twilio.inbound({ from: phone, ExternalUserId, body: "Hello again" });
  await replied(test, phone, 2);
  await stack.twilio.inbound({ from: bsuid, body: "And again" });
  await replied(test, bsuid, 2);

  const conversations = await sql`
    select status, count(distinct conversation.customer_id)::int as customers,
      count(*) filter (where message.direction = 'inbound')::int as received
    from cc_conversations as conversation
    join cc_messages as message on message.conversation_id = conversation.id
    group by conversation.id order by conversation.created_at`;
  assert.deepEqual(conversations.map((row) => ({ ...row })), [
    { status: "active", customers: 1, received: 3 },
    { status: "closed", customers: 1, received: 1 },
  ]);
  const [merged] = await sql`
    select count(*)::int as customers, count(merged_into)::int as merged from cc_customers`;
  assert.deepEqual({ ...merged }, { customers: 2, merged: 1 });
});

async function replied({ stack }: TestStack, to: string, count: number) {
  return await stack.twilio.waitForOutbound({ to, count, timeoutMs: 20_000 });
}
