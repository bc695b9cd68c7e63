/** What docs/agents.md shows works as it stands there. */
import assert from "node:assert/strict";
import { Reply } from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import {
  createLangGraphAgent,
  type ReplyGraph,
} from "../../../../supabase/functions/orchestrator/agents/langgraph.ts";
import {
  sign,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "../../../../supabase/functions/orchestrator/agents/http.ts";
import { ANSWER_BOOK } from "../../../support/common_answers.ts";
import { contextOf } from "./agent_context.ts";

/** The module that the documentation shows, the one that exports `name`. */
async function documented<Exported>(name: string): Promise<Exported> {
  const docs = await Deno.readTextFile(
    new URL("../../../../docs/agents.md", import.meta.url),
  );
  const blocks = [...docs.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const code = blocks.find((block) =>
    new RegExp(`^export (const|function) ${name}\\b`, "m").test(block)
  );
  assert.ok(code, `docs/agents.md shows no ${name}`);
  const url = `data:application/typescript,${encodeURIComponent(code)}`;
  const module = await import(url);
  return module[name];
}

Deno.test("the graph of the documentation answers as the agent langgraph", async () => {
  const createGraph = await documented<() => ReplyGraph>("createGraph");
  const agent = createLangGraphAgent(
    { model: null, answers: ANSWER_BOOK },
    () => Promise.resolve(createGraph()),
  );
  const reply = await agent.reply(contextOf("Good morning"));
  assert.deepEqual(Reply.parse(reply), {
    ...{ kind: "text", text: "You said Good morning", language: null, handOver: false },
  });
});

Deno.test("the documentation's check of a signature takes ours, and no other", async () => {
  type Check = (headers: Headers, body: string, secret: string) => boolean;
  const isFromSwitchboard = await documented<Check>("isFromSwitchboard");
  const [secret, body] = ["a key that is longer than 32 characters", '{"message":"Olá ☕"}'];
  const headersAt = async (seconds: number) =>
    new Headers({
      [TIMESTAMP_HEADER]: String(seconds),
      [SIGNATURE_HEADER]: await sign(secret, String(seconds), body),
    });
  const now = Math.floor(Date.now() / 1000);
  const headers = await headersAt(now);
  assert.equal(isFromSwitchboard(headers, body, secret), true);
  assert.equal(isFromSwitchboard(headers, `${body} `, secret), false);
  assert.equal(isFromSwitchboard(headers, body, `${secret}.`), false);
  assert.equal(isFromSwitchboard(await headersAt(now - 301), body, secret), false);
  assert.equal(isFromSwitchboard(new Headers(), body, secret), false);
});
