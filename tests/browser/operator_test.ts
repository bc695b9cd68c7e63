/** The operator's view in a real browser: what a person does with a conversation. */
import assert from "node:assert/strict";
import { eventually } from "../support/eventually.ts";
import {
  browserTest,
  openConsole,
  openFirstConversation,
  untilReplies,
  write,
} from "./console_page.ts";

browserTest("a person takes over, answers, hands back and closes", async () => {
  await using opened = await openConsole();
  const { page, test, problems } = opened;
  await write(page, "I want to talk to somebody");
  await untilReplies(page, 1);
  await openFirstConversation(page);
  assert.match(await page.innerText("#audit h3"), /chain intact/);

  await page.click("text=Take over");
  await page.waitForSelector("#conversation-head >> text=a person answers");
  await page.fill("#reply textarea", "Good day, this is Maria.");
  await page.press("#reply textarea", "Enter");
  await page.waitForSelector("#toast.shown:has-text('on its way')");
  const sent = await test.stack.twilio.waitForOutbound({ count: 3, timeoutMs: 10_000 });
  assert.equal(sent.at(-1)?.body, "Good day, this is Maria.");
  assert.equal(await page.inputValue("#reply textarea"), "");

  await page.click("text=Hand back");
  await page.waitForSelector("#conversation-head >> text=the agent answers");
  await page.waitForSelector("#messages .mine:last-child >> text=read");
  await page.click("button:text-is('Close')");
  await page.waitForSelector("#conversation-head .badge.closed");
  assert.deepEqual(problems, []);
});

browserTest("a reply whose answer was lost, and that is sent once more, is one reply", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await write(page, "Hello");
  await untilReplies(page, 1);
  await openFirstConversation(page);
  let isLost = false;
  await page.route("**/console/do/reply", async (route) => {
    const answer = await route.fetch();
    if (isLost) return await route.fulfill({ response: answer });
    isLost = true;
    return await route.abort("connectionreset");
  });
  await page.fill("#reply textarea", "Once only");
  await page.press("#reply textarea", "Enter");
  await page.waitForSelector("#toast.bad:has-text('does not answer')");
  assert.equal(await page.inputValue("#reply textarea"), "Once only");
  await page.press("#reply textarea", "Enter");
  await page.waitForSelector("#toast.shown:has-text('it is sent once')");
  const [rows] = await test.sql`
    select count(*)::integer as number from cc_messages where body_text = 'Once only'`;
  assert.equal(rows?.["number"], 1);
});

browserTest("what the operator writes stays while the conversation goes on", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await write(page, "Hello");
  await untilReplies(page, 1);
  await openFirstConversation(page);
  await page.fill("#reply textarea", "Half a sen");
  await test.stack.twilio.inbound({ from: "+4915112340000", body: "One more thing" });
  await page.waitForSelector("#messages .bubble >> nth=3");
  await page.click("#conversation-head >> text=Show data");
  await page.waitForSelector("#messages >> text=One more thing");
  assert.equal(await page.inputValue("#reply textarea"), "Half a sen");
});

browserTest("who waits longest stands first, and a dead turn is replayed", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await test.sql`update cc_settings set max_failures = 1, backoff_max_ms = 200`;
  test.stack.openai.setFault("status:400", 1);
  await write(page, "Nobody will hear this");
  await eventually(
    "the turn to die",
    async () => (await test.sql`select from cc_turns where state = 'dead'`).length,
  );
  await test.stack.twilio.waitForOutbound({ count: 1, timeoutMs: 10_000 });
  await page.click("nav >> text=Operator");
  await page.click("text=Dead turns");
  await page.click(".entry");
  await page.click("button:text-is('Replay')");
  await page.waitForSelector("#toast.shown:has-text('wait for an answer again')");
  // The death has given it to a person.
  await page.click("button:text-is('Hand back')");
  await test.stack.twilio.waitForOutbound({ count: 2, timeoutMs: 10_000 });

  // Two whom a person has: the one who wrote first stands above the other.
  for (const from of ["+4915100000001", "+4915100000002"]) {
    await test.stack.twilio.inbound({ from, body: "Hello" });
    await eventually("the conversation", async () =>
      (await test.sql`
        select hand_over(id) from cc_conversations
        where provider_conversation_id = ${`whatsapp:${from}`}`).length);
    await test.stack.twilio.inbound({ from, body: "Still there?" });
  }
  await page.click("text=All");
  await page.waitForSelector(".entry:has(.badge.waits):has-text('person') >> nth=1");
  const entries = await page.locator(".entry").allInnerTexts();
  assert.match(entries[0] ?? "", /•••01[\s\S]*person/);
  assert.match(entries[1] ?? "", /•••02[\s\S]*person/);
  assert.doesNotMatch(entries[2] ?? "", /waits/);
});

browserTest("a customer is erased only by who writes the word", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await write(page, "Please forget me");
  await untilReplies(page, 1);
  await page.waitForSelector(".theirs [data-status=read]");
  await openFirstConversation(page);
  await page.click("text=Erase this customer");
  await page.click("text=Erase for good");
  const [before] = await test.sql`select erased_at from cc_customers`;
  assert.equal(before?.["erased_at"], null);

  await page.fill("input[name=confirmation]", "erase");
  await page.click("text=Erase for good");
  await page.waitForSelector("#conversation-head .badge:text-is('erased')");
  await page.waitForSelector("#messages .gone");
  const [after] = await test.sql`select erased_at from cc_customers`;
  assert.ok(after?.["erased_at"]);
});
