/** `deno task console`, as a process of its own, on what stands for a hosted project. */
import assert from "node:assert/strict";
import { startGateway } from "../../local/gateway.ts";
import { SECRET_KEY } from "../../local/credentials.ts";
import { createTestDatabase } from "../support/test_cluster.ts";
import { freePort } from "../../local/free_port.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test("deno task console serves the operator's view of a project on loopback, without its key", async () => {
  await using database = await createTestDatabase();
  await using cleanup = new AsyncDisposableStack();
  const gateway = await startGateway({ port: 0, databaseUrl: database.url("authenticator") });
  cleanup.defer(() => gateway.stop());
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "local/console.ts", "--", "--url", gateway.url, "--port", String(port)],
    cwd: ROOT,
    env: { SUPABASE_SECRET_KEYS: JSON.stringify({ default: SECRET_KEY }) },
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await lines.read();
  const url = /console (http:\S+)/.exec(value)?.[1] ?? "";
  assert.ok(url.startsWith(`http://127.0.0.1:${port}/?token=`), value);

  const events = url.replace("/?", "/console/events?view=operator&");
  const answer = await fetch(events);
  const told = await readUntil(
    answer,
    /"id":"conversations".*"id":"metrics"|"id":"metrics".*"id":"conversations"/s,
  );
  assert.match(told, /No conversation here/);
  assert.doesNotMatch(told + await (await fetch(url)).text(), /sb_secret/);

  child.kill("SIGTERM");
  await child.status;
  await lines.cancel();
});

Deno.test("deno task console says what is missing, and ends with 2", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "local/console.ts", "--url", "https://project.supabase.co"],
    cwd: ROOT,
    env: { SUPABASE_SECRET_KEYS: "", SUPABASE_SERVICE_ROLE_KEY: "" },
  }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stdout), /SUPABASE_SECRET_KEYS/);
});

async function readUntil(answer: Response, pattern: RegExp): Promise<string> {
  assert.equal(answer.status, 200);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const timer = setTimeout(() => void reader.cancel(), 15_000);
  let text = "";
  while (!pattern.test(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`Waited in vain for ${pattern}; there was ${text}`);
    text += value;
  }
  clearTimeout(timer);
  await reader.cancel();
  return text;
}
