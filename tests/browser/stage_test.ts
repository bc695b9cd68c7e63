/** The stage in a real browser: a customer writes, and the message's way appears. */
import assert from "node:assert/strict";
import {
  assertNothingLost,
  browserTest,
  count,
  openConsole,
  untilReplies,
  write,
} from "./console_page.ts";

browserTest("the stage shows a message, its reply, and every step on the way", async () => {
  await using opened = await openConsole();
  const { page, problems } = opened;
  await write(page, "Are you open on Saturday?");
  await untilReplies(page, 1);
  await page.waitForSelector("[data-step=read].done");

  const steps = await page.locator(".step.done").evaluateAll((all) =>
    all.map((step) => step.getAttribute("data-step"))
  );
  const expected = ["received", "signature", "stored", "turn", "dispatched", "claimed", "model"];
  const rest = ["reply", "sent", "delivered", "read"];
  assert.deepEqual(
    steps.filter((step) => [...expected, ...rest].includes(step ?? "")),
    [...expected, ...rest],
  );
  await page.waitForSelector(".theirs [data-status=read]");
  await assertNothingLost(page);
  assert.deepEqual(problems, []);
});

browserTest("the rows behind a step are masked until the reader asks for them", async () => {
  await using opened = await openConsole();
  const { page } = opened;
  await write(page, "My account is 4711");
  await page.waitForSelector("[data-step=stored].done");
  await page.click("#step-stored summary:has-text('cc_messages')");
  const row = page.locator("#step-stored details[open] pre");
  assert.doesNotMatch(await row.innerText(), /4711|4915112340000/);
  assert.match(await row.innerText(), /"direction": "inbound"/);

  await page.click("text=Show data");
  await page.waitForSelector("#step-stored details[open] pre:has-text('4711')");
});

browserTest("the same webhook again changes nothing, and a burst is one turn", async () => {
  await using opened = await openConsole();
  const { page, test, problems } = opened;
  await write(page, "Hello");
  await untilReplies(page, 1);
  await page.click("text=Same webhook again");
  await page.waitForSelector(".step:has-text('Same webhook answered again')");
  assert.equal(await count(page, "received"), "1");

  await page.click("text=Burst");
  await untilReplies(page, 2);
  await assertNothingLost(page);
  assert.equal(await count(page, "received"), "6");
  assert.equal(await page.locator("#chat > .theirs").count(), 2);
  const [rows] = await test.sql`
    select count(*)::integer as messages, count(distinct turn_id)::integer as turns
    from cc_messages where direction = 'inbound'`;
  assert.deepEqual({ ...rows }, { messages: 6, turns: 2 });
  assert.deepEqual(problems, []);
});

browserTest("a phone sends every kind of attachment, and pressed buttons", async () => {
  await using opened = await openConsole();
  const { page, test, problems } = opened;
  const labels = ["Picture", "Voice note", "Document", "Location", "Contact"];
  for (const [index, label] of labels.entries()) {
    await page.click(`button[aria-label="${label}"]`);
    await page.waitForSelector(`#chat > :nth-child(${index + 1} of .mine)`);
  }
  await page.click("text=Yes, please");
  await page.waitForSelector("#chat > :nth-child(6 of .mine)");
  await assertNothingLost(page);
  const kinds = await test.sql<{ kind: string }[]>`
    select body_json ->> 'kind' as kind from cc_messages where direction = 'inbound' order by seq`;
  assert.deepEqual(
    kinds.map(({ kind }) => kind).sort(),
    ["audio", "button", "contact", "document", "image", "location"],
  );
  assert.ok(
    await page.locator("#chat img").first().evaluate((image) =>
      (image as unknown as { naturalWidth: number }).naturalWidth > 0
    ),
  );
  assert.deepEqual(problems, []);
});

browserTest(
  "a phone that is offline gets its reply, and sends its words, when it is back",
  async () => {
    await using opened = await openConsole();
    const { page, problems } = opened;
    await page.click("text=Go offline");
    await page.waitForSelector("text=Go online");
    await write(page, "Written under ground");
    await page.waitForSelector(".draft");
    assert.equal(await count(page, "received"), "0");

    await page.click("text=Go online");
    await untilReplies(page, 1);
    await page.waitForSelector(".theirs [data-status=read]");
    assert.equal(await page.locator(".draft").count(), 0);

    await write(page, "And once more");
    await page.click("text=Go offline");
    await untilReplies(page, 2);
    await page.waitForSelector("#chat > :nth-child(2 of .theirs) [data-status=sent]");
    await page.click("text=Go online");
    await page.waitForSelector("#chat > :nth-child(2 of .theirs) [data-status=read]");
    assert.deepEqual(problems, []);
  },
);

browserTest("two customers have two phones", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await write(page, "I am the first");
  await untilReplies(page, 1);
  await page.click("text=+ Customer");
  await page.waitForSelector(".phone-bar:has-text('Jonas Weber')");
  assert.equal(await page.locator("#chat > .bubble").count(), 0);
  await write(page, "I am the second");
  await untilReplies(page, 1);
  const [rows] = await test.sql`select count(*)::integer as number from cc_conversations`;
  assert.equal(rows?.["number"], 2);
});
