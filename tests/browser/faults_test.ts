/** Faults at the press of a button, healed before the eyes of who pressed. */
import assert from "node:assert/strict";
import { startTestStackWithPostgres } from "../support/test_stack.ts";
import {
  assertNothingLost,
  browserTest,
  openConsole,
  untilReplies,
  write,
} from "./console_page.ts";

browserTest("a model that fails is asked again, and the drawer says that it healed", async () => {
  await using opened = await openConsole();
  const { page, problems } = opened;
  await page.click("#faults > summary");
  await page.click("text=Fails twice");
  await page.waitForSelector(".fault-list [data-state=armed]");
  await write(page, "Is anybody there?");
  await untilReplies(page, 1);
  await page.waitForSelector(".fault-list [data-state=healed]");
  await page.waitForSelector(".step.failed:has-text('turn failed')");
  await assertNothingLost(page);
  assert.deepEqual(problems, []);
});

browserTest(
  "a database that stops and comes back loses nothing, and the page lives on",
  async () => {
    await using opened = await openConsole({
      start: () => startTestStackWithPostgres({ AGENTS: "openai" }),
    });
    const { page, test } = opened;
    await write(page, "Before");
    await untilReplies(page, 1);
    // The pool of the test would meet its own end; from here on only the stack uses the database.
    await test.sql.end();
    await page.click("#faults > summary");
    await page.click("text=Stop it");
    await page.waitForSelector("#link[data-state=trouble]");
    await write(page, "Meanwhile");
    await page.waitForSelector("#chat > :nth-child(2 of .mine)");
    await page.click("text=Start it again");
    await untilReplies(page, 2);
    await page.waitForSelector("#link[data-state=live]");
    await page.waitForSelector(".fault-list li:has-text('Stop it')[data-state=healed]");
    await assertNothingLost(page);
  },
);
