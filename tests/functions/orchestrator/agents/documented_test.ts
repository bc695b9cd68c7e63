/** What README and docs/agents.md show works as it stands there. */
import assert from "node:assert/strict";
import { Reply } from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import {
  createLangGraphAgent,
  type GraphDeps,
  type ReplyGraph,
} from "../../../../supabase/functions/orchestrator/agents/langgraph.ts";
import {
  sign,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
} from "../../../../supabase/functions/orchestrator/agents/http.ts";
import { ANSWER_BOOK } from "../../../support/common_answers.ts";
import { contextOf } from "./agent_context.ts";

/** The module that this page shows, the one that exports `name`. */
async function documented<Exported>(
  name: string,
  { page = "docs/agents.md", graph = "" } = {},
): Promise<Exported> {
  const docs = await Deno.readTextFile(new URL(`../../../../${page}`, import.meta.url));
  const blocks = [...docs.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
  const code = blocks.find((block) =>
    new RegExp(`^export (const|function) ${name}\\b`, "m").test(block)
  );
  assert.ok(code, `${page} shows no ${name}`);
  const module = await import(moduleUrl(code.replace("./your_graph.ts", moduleUrl(graph))));
  return module[name];
}

function moduleUrl(code: string): string {
  return `data:application/typescript,${encodeURIComponent(code)}`;
}

/** A compiled graph as many teams have one: over messages, and knowing nothing of us. */
const TEAMS_GRAPH = `
  import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph/web";
  const answer = ({ messages }) => ({
    messages: [{ role: "assistant", content: "You said " + messages.at(-1).text }],
  });
  export const graph = new StateGraph(MessagesAnnotation)
    .addNode("answer", answer).addEdge(START, "answer").compile();`;

Deno.test("the graph of the documentation answers as the agent langgraph", async () => {
  const createGraph = await documented<(deps: GraphDeps) => ReplyGraph>("createGraph");
  const agent = createLangGraphAgent(
    { model: null, answers: ANSWER_BOOK },
    (deps) => Promise.resolve(createGraph(deps)),
  );
  const reply = await agent.reply(contextOf("Good morning"));
  assert.deepEqual(Reply.parse(reply), {
    ...{ kind: "text", text: "You said Good morning", language: null, handOver: false },
  });
});

Deno.test("the graph that README plugs in answers as the agent langgraph", async () => {
  const createGraph = await documented<(deps: GraphDeps) => ReplyGraph>("createGraph", {
    ...{ page: "README.md", graph: TEAMS_GRAPH },
  });
  const agent = createLangGraphAgent(
    { model: null, answers: ANSWER_BOOK },
    (deps) => Promise.resolve(createGraph(deps)),
  );
  assert.deepEqual(Reply.parse(await agent.reply(contextOf("Good morning"))), {
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
