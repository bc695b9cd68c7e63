/**
 * How the page looks and reads: light and dark, on a phone, by keyboard, for who listens to it.
 * With SWITCHBOARD_SCREENSHOTS=docs/images the pictures of README and docs/console.md are made anew.
 */
import assert from "node:assert/strict";
import axe from "axe-core";
import type { BrowserContextOptions, Page } from "playwright-core";
import {
  browserTest,
  type ConsolePage,
  openConsole,
  openFirstConversation,
  openPage,
  untilReplies,
  write,
} from "./console_page.ts";

const LIGHT: BrowserContextOptions = { colorScheme: "light" };
const DARK: BrowserContextOptions = { colorScheme: "dark" };
const PHONE: BrowserContextOptions = {
  colorScheme: "light",
  viewport: { width: 390, height: 844 },
  hasTouch: true,
};

/** What README and docs/console.md show. */
const PICTURES = new Set(["stage-light", "operator-dark", "stage-phone"]);

/**
 * What moves of itself while a reader reads; Google calls up to 0.1 good. It is 0.021, of which 0.016 is
 * the change from the first message's journey to the second's; 0.032 was seen on a busy machine.
 */
const GOOD_LAYOUT_SHIFT = 0.05;

browserTest("both views read well in light, dark and on a phone", async () => {
  await using opened = await openConsole({ context: LIGHT });
  await tellAStory(opened);
  for (const [name, context] of Object.entries({ light: LIGHT, dark: DARK, phone: PHONE })) {
    const { page, problems } = await openPage(
      opened.browser,
      opened.test.stack.consoleUrl,
      context,
    );
    await page.waitForSelector("[data-step=read].done");
    await page.click("#faults > summary");
    await look(page, `stage-${name}`);
    await openFirstConversation(page);
    await page.click("text=Show data");
    await page.waitForSelector("#messages >> text=Can I talk to a person?");
    await page.waitForSelector("#metrics .bars");
    await look(page, `operator-${name}`);
    assert.deepEqual(problems, [], name);
  }
});

browserTest("the stage does not jump while a message travels", async () => {
  await using opened = await openConsole();
  const { page, test } = opened;
  await write(page, "First");
  await untilReplies(page, 1);
  await page.waitForSelector("[data-step=read].done");
  await page.evaluate(`
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) shift += value;
    }).observe({ type: "layout-shift" });`);
  // Not from the page: what follows a press within half a second is not counted.
  await new Promise((done) => setTimeout(done, 600));
  await test.stack.twilio.inbound({ from: "+4915112340000", body: "Second" });
  await untilReplies(page, 2);
  await page.waitForSelector("[data-step=read].done");
  const shift = await page.evaluate<number>("shift");
  assert.ok(shift < GOOD_LAYOUT_SHIFT, `the page moved by ${shift}`);
});

browserTest("everything is done by keyboard", async () => {
  await using opened = await openConsole();
  const { page } = opened;
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "To the content");
  await page.keyboard.press("Enter");
  await page.focus("#write-text");
  await page.keyboard.type("By keyboard alone");
  await page.keyboard.press("Enter");
  await untilReplies(page, 1);
  await page.focus("#faults > summary");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Slow: 4 s");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".fault-list li");
  assert.equal(await focused(page), "Slow: 4 s");
});

/** Two customers, one of whom a person has: enough to see something. */
async function tellAStory({ page, test }: ConsolePage) {
  await test.stack.twilio.inbound({
    from: "+4915100000007",
    ProfileName: "Mei Lin",
    body: "Hello!",
  });
  await test.stack.twilio.waitForOutbound({ count: 1 });
  await test.sql`select hand_over(id) from cc_conversations where handler = 'agent'`;
  await test.stack.twilio.inbound({
    ...{ from: "+4915100000007", ProfileName: "Mei Lin", body: "Can I talk to a person?" },
  });
  await write(page, "I lost my card in Berlin. What can I do?");
  await untilReplies(page, 1);
  await page.click('button[aria-label="Picture"]');
  await untilReplies(page, 2);
  await write(page, "How do I get a new card?");
  await untilReplies(page, 3);
  await page.waitForSelector("[data-step=read].done");
}

async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  const [scrolled, shown] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  assert.ok(scrolled <= shown, `${name} is ${scrolled} wide in a window of ${shown}`);
  const folder = Deno.env.get("SWITCHBOARD_SCREENSHOTS");
  if (folder && PICTURES.has(name)) {
    await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
  }
}

async function assertAccessible(page: Page, name: string) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, [], name);
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>("document.activeElement.textContent.trim()");
}
