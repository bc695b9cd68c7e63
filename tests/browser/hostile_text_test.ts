/** Whatever a customer writes is text, in every place of the page that shows it. */
import assert from "node:assert/strict";
import {
  browserTest,
  openConsole,
  openFirstConversation,
  untilReplies,
  write,
} from "./console_page.ts";

const HOSTILE = [
  `<script>document.title = "taken"</script>`,
  `<img src=x onerror="document.title='taken'">`,
  `"><svg onload=document.title='taken'>`,
  `{{constructor.constructor('document.title="taken"')()}} </textarea></p></li>`,
  "\u202egnp.exe\u2066 \u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0633\u0644\u0627\u0645",
  "W".repeat(1600),
];

browserTest("hostile text is shown as text by phone, journey and operator", async () => {
  await using opened = await openConsole();
  const { page, problems } = opened;
  const title = await page.title();
  for (const text of HOSTILE) await write(page, text);
  await untilReplies(page, 1);
  const said = await page.locator("#chat > .mine > p").allInnerTexts();
  assert.deepEqual(said.toSorted(), HOSTILE.toSorted());
  await page.click("text=Show data");
  for (const summary of await page.locator("#journey summary").all()) await summary.click();
  assert.equal(await page.title(), title);
  await assertNoOverflow(page);

  await openFirstConversation(page);
  await page.click("text=Show data");
  await page.waitForSelector("#messages p:text-is('" + "W".repeat(1600) + "')");
  const shown = await page.locator("#messages .theirs > p").allInnerTexts();
  assert.deepEqual(shown.toSorted(), HOSTILE.toSorted());
  assert.equal(await page.locator("main script, main svg[onload], main img[onerror]").count(), 0);
  assert.match(await page.title(), /^Operator/);
  await assertNoOverflow(page);
  assert.deepEqual(problems, []);
});

/** A page that scrolls sideways was torn open by a long word. */
async function assertNoOverflow(page: Parameters<typeof write>[0]) {
  const [scrolled, shown] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  assert.ok(scrolled <= shown, `the page is ${scrolled} wide in a window of ${shown}`);
}
