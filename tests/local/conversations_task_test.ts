/** `deno task conversations -- --real`: against a server that speaks as OpenAI does, and without a key. */
import assert from "node:assert/strict";
import { startOpenAISimulator } from "../../local/openai_simulator.ts";

async function play(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tests/conversations/main.ts", "--real"],
    cwd: new URL("../../", import.meta.url).pathname,
    env: { OPENAI_API_KEY: "", ...env },
    stderr: "inherit",
  }).output();
  return { code, said: new TextDecoder().decode(stdout) };
}

Deno.test("without a key it says so, and plays nothing", async () => {
  assert.deepEqual(await play({}), {
    code: 2,
    said: "Cannot ask a real model: OPENAI_API_KEY is not set\n",
  });
});

Deno.test("a compatible server is asked for the model that is named, and a table says how it did", async () => {
  const server = startOpenAISimulator({ port: 0 });
  try {
    const { code, said } = await play({
      ...{ OPENAI_API_KEY: "any", OPENAI_BASE_URL: server.url, OPENAI_MODEL: "compatible-1" },
    });
    const models = new Set(server.requests().map(({ body }) => body?.["model"]));
    assert.deepEqual([...models], ["compatible-1"]);
    assert.match(said, /^script +agent +turns +right +slowest *$/m);
    assert.match(said, /^greeting\.yaml +openai +4 +4 +\d+ ms *$/m);
    assert.doesNotMatch(said, /^budget\.yaml/m, "what only a simulator can play is left out");
    // Its canned words are not all that the scripts want.
    const wrong = Number(/^(\d+) turns are not as they should be$/m.exec(said)?.[1] ?? 0);
    assert.equal(code, wrong > 0 ? 1 : 0);
  } finally {
    await server.stop();
  }
});
