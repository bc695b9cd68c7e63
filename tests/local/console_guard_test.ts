/** No website in the operator's browser can drive the console: no network, the app alone. */
import assert from "node:assert/strict";
import { createConsole } from "../../local/console/console.tsx";
import type { Records } from "../../local/console/records.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const ORIGIN = "http://127.0.0.1:54323";
const CONVERSATION = "5eb81ca6-8826-4ce5-9943-4bfb339fa664";

/** The console of a hosted project, whose records note that they were asked. */
function consoleApp() {
  const asked: string[] = [];
  const records = new Proxy({} as Records, {
    get: (_, name) => () => {
      asked.push(String(name));
      return Promise.resolve({ outcome: "handed_over" });
    },
  });
  const app = createConsole({ token: TOKEN, records, projectName: "test" });
  return { asked, ask: (path: string, init: RequestInit) => app.request(ORIGIN + path, init) };
}

function takeOver(headers: Record<string, string>): [string, RequestInit] {
  const body = new FormData();
  body.set("conversation", CONVERSATION);
  return ["/console/do/take-over", { method: "POST", headers, body }];
}

const GOOD = { host: "127.0.0.1:54323", origin: ORIGIN, "x-console-token": TOKEN };

Deno.test("POST /console/do/take-over acts with token, loopback Host and our own Origin", async () => {
  const { ask, asked } = consoleApp();
  const answer = await ask(...takeOver(GOOD));
  assert.equal(answer.status, 200);
  assert.deepEqual(asked, ["handOver"]);
});

const REFUSED: Record<string, Record<string, string>> = {
  "the Host is another name (DNS rebinding)": {
    ...GOOD,
    host: "attacker.example:54323",
    origin: "http://attacker.example:54323",
  },
  "the Host only begins with a loopback name": { ...GOOD, host: "127.0.0.1.attacker.example" },
  "the Origin is another website (CSRF)": { ...GOOD, origin: "https://attacker.example" },
  "the Origin is another port of this machine": { ...GOOD, origin: "http://127.0.0.1:8080" },
  "the Origin is null, as of a sandboxed frame": { ...GOOD, origin: "null" },
  "there is no Origin": { host: GOOD.host, "x-console-token": TOKEN },
  "there is no token": { host: GOOD.host, origin: ORIGIN },
  "the token is another one": { ...GOOD, "x-console-token": TOKEN.replace("0", "1") },
};
for (const [when, headers] of Object.entries(REFUSED)) {
  Deno.test(`POST /console/do/take-over answers 403 when ${when}`, async () => {
    const { ask, asked } = consoleApp();
    assert.equal((await ask(...takeOver(headers))).status, 403);
    assert.deepEqual(asked, []);
  });
}

for (const path of ["/", "/console/operator", "/console/events", "/console/assets/console.js"]) {
  Deno.test(`GET ${path} needs token and loopback Host`, async () => {
    const { ask } = consoleApp();
    const { host } = GOOD;
    assert.equal((await ask(path, { headers: { host } })).status, 403);
    const elsewhere = { host: "attacker.example" };
    assert.equal((await ask(`${path}?token=${TOKEN}`, { headers: elsewhere })).status, 403);
    const answer = await ask(`${path}?token=${TOKEN}`, { headers: { host } });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
  });
}

Deno.test("GET / of a hosted project is the operator's view, without stage and without key", async () => {
  const { ask } = consoleApp();
  const answer = await ask(`/?token=${TOKEN}`, { headers: { host: GOOD.host } });
  const html = await answer.text();
  assert.match(html, /<title>Operator/);
  assert.doesNotMatch(html, /Stage|sb_secret/);
  assert.match(answer.headers.get("content-security-policy") ?? "", /script-src 'self';/);
  assert.equal(answer.headers.get("referrer-policy"), "no-referrer");
});

Deno.test("GET / has no inline script and no inline style", async () => {
  const { ask } = consoleApp();
  const answer = await ask(`/?token=${TOKEN}`, { headers: { host: GOOD.host } });
  const html = await answer.text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)|<style| style=| on[a-z]+=/);
});
