/** Another website in the same browser tries to read and to drive the console. */
import assert from "node:assert/strict";
import { browserTest, openConsole, REBOUND_HOST } from "./console_page.ts";

/** A website on another port of this machine, which the browser trusts no more than any other. */
function attackersWebsite(consoleUrl: string) {
  const { origin, searchParams } = new URL(consoleUrl);
  const act = `${origin}/console/do/add-customer?token=${searchParams.get("token")}`;
  const html = `<!doctype html><title>attacker</title>
    <form method="post" action="${act}" target="frame"></form>
    <iframe name="frame"></iframe><iframe id="framed" src="${consoleUrl}"></iframe>`;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(html, { headers: { "content-type": "text/html" } }),
  );
  return { url: `http://127.0.0.1:${server.addr.port}/`, act, stop: () => server.shutdown() };
}

browserTest("another website cannot press a button, even if it knew the token", async () => {
  await using opened = await openConsole();
  const { page, browser, test } = opened;
  const customers = await page.locator("#customers a").count();
  const attacker = attackersWebsite(test.stack.consoleUrl);
  const other = await browser.newPage();
  await other.goto(attacker.url);
  const refused = other.waitForResponse((answer) => answer.url() === attacker.act);
  await other.evaluate("document.forms[0].submit()");
  assert.equal((await refused).status(), 403);
  const fetched = await other.evaluate<string>(`
    fetch(${JSON.stringify(test.stack.consoleUrl)}).then(() => "read", () => "refused")`);
  assert.equal(fetched, "refused");
  const framed = await (await other.waitForSelector("#framed")).contentFrame();
  await framed?.waitForLoadState();
  assert.equal(await framed?.locator(".device").count(), 0);

  await page.reload();
  await page.waitForSelector("#link[data-state=live]");
  assert.equal(await page.locator("#customers a").count(), customers);
  await other.close();
  await attacker.stop();
});

browserTest("a name that was bound to this machine is refused", async () => {
  await using opened = await openConsole();
  const { browser, test } = opened;
  const rebound = test.stack.consoleUrl.replace("127.0.0.1", REBOUND_HOST);
  const page = await browser.newPage();
  const answer = await page.goto(rebound);
  assert.equal(answer?.status(), 403);
  assert.match(await page.innerText("body"), /Host is not loopback/);
});
