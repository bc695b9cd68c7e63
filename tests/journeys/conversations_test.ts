/** The scripted conversations, on the whole stack, with every agent. */
import assert from "node:assert/strict";
import { runScript, startConversationStack } from "../conversations/run_script.ts";
import { AGENTS, readScripts } from "../conversations/script.ts";

const scripts = await readScripts(new URL("../conversations", import.meta.url).pathname);

for (const agent of AGENTS) {
  Deno.test(`${agent} says what every script wants`, async (t) => {
    await using stack = await startConversationStack(agent);
    for (const [name, script] of scripts) {
      if (!script.agents.includes(agent)) continue;
      await t.step(`${name}: ${script.title}`, async () => {
        for (const { customer, reply, problems } of await runScript(stack, script)) {
          assert.deepEqual(problems, [], `to "${customer.join(" / ")}" it said "${reply}"`);
        }
      });
    }
  });
}
