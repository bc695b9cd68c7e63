/** What a model is asked beside the question itself: tools, pictures, a summary; and what it costs. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { AgentContext } from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import {
  createModel,
  type ModelOptions,
} from "../../../../supabase/functions/orchestrator/agents/model.ts";
import { defineTool } from "../../../../supabase/functions/orchestrator/agents/tools/tool.ts";
import { createToolbox } from "../../../../supabase/functions/orchestrator/agents/tools/toolbox.ts";
import { contextOf, messageOf } from "./agent_context.ts";

const ANSWER = {
  ...{ reply: "We close at five.", language: "en", intent: "question", confidence: 0.9 },
  hand_over: false,
};

interface Sent {
  input: string | Record<string, unknown>[];
  instructions: string;
  tools?: { name: string; strict: boolean }[];
  tool_choice?: string;
  text?: unknown;
}

function answered(output: unknown[], usage = {}): Response {
  return Response.json({
    ...{ id: "resp_1", object: "response", status: "completed", error: null },
    ...{ incomplete_details: null, output },
    usage: { input_tokens: 100, output_tokens: 10, total_tokens: 110, ...usage },
  });
}

function says(text: string, usage = {}): Response {
  const content = [{ type: "output_text", text, annotations: [] }];
  return answered([{ type: "message", id: "msg_1", role: "assistant", content }], usage);
}

function calls(name: string, given: unknown): Response {
  const call = { type: "function_call", id: "fc_1", call_id: "call_1", status: "completed" };
  return answered([
    { type: "reasoning", id: "rs_1", summary: [] },
    { ...call, name, arguments: JSON.stringify(given) },
  ]);
}

/** A model that answers with these, in order; the last one for ever. */
function modelThat(responses: ((sent: Sent) => Response)[], options: Partial<ModelOptions> = {}) {
  const sent: Sent[] = [];
  const model = createModel({
    ...{ apiKey: "sk-test", model: "gpt-test", timeoutMs: 5_000 },
    fetch: async (input, init) => {
      const body: Sent = await new Request(input, init).json();
      sent.push(body);
      return responses[Math.min(sent.length, responses.length) - 1]?.(body) ?? assert.fail();
    },
    ...options,
  });
  return { model, sent };
}

const reply = () => says(JSON.stringify(ANSWER));

const HOURS = defineTool({
  ...{ name: "find_hours", description: "Finds opening hours.", hasEffect: false },
  parameters: z.object({ branch: z.string() }),
  run: ({ branch }) => Promise.resolve({ branch, closes: "17:00" }),
});
const NO_DATABASE = {
  beginToolCall: () => assert.fail("nothing has an effect here"),
  finishToolCall: () => assert.fail("nothing has an effect here"),
};
const toolbox = createToolbox([HOURS], NO_DATABASE);

Deno.test("the model calls a tool, is told the result, and answers", async () => {
  const asked = () => calls("find_hours", { branch: "Centro" });
  const { model, sent } = modelThat([asked, reply], { toolbox });
  const context = contextOf("When do you close?");
  assert.deepEqual(await model.answer(context), ANSWER);
  assert.deepEqual(sent[0]?.tools?.map(({ name, strict }) => [name, strict]), [
    ["find_hours", true],
  ]);
  assert.deepEqual(sent[1]?.input.slice(-2), [
    // Without its id and without the thoughts before it: the API keeps neither for us.
    {
      ...{ type: "function_call", call_id: "call_1", name: "find_hours" },
      arguments: '{"branch":"Centro"}',
    },
    {
      ...{ type: "function_call_output", call_id: "call_1" },
      output: '{"branch":"Centro","closes":"17:00"}',
    },
  ]);
  assert.equal(context.ledger.work.toolCallCount, 1);
});

Deno.test("the model must answer after four rounds of tools", async () => {
  const { model, sent } = modelThat(
    [({ tool_choice }) => tool_choice === "none" ? reply() : calls("find_hours", { branch: "x" })],
    { toolbox },
  );
  assert.deepEqual(await model.answer(contextOf("When?")), ANSWER);
  assert.deepEqual(sent.map(({ tool_choice }) => tool_choice), [
    ...["auto", "auto", "auto", "auto", "none"],
  ]);
});

Deno.test("a model that calls tools for ever, or with half a JSON, answers nonsense", async () => {
  const forever = () => calls("find_hours", { branch: "x" });
  const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "find_hours" };
  const half = () => answered([{ ...call, arguments: '{"branch":' }]);
  for (const respond of [forever, half]) {
    const { model } = modelThat([respond], { toolbox });
    await assert.rejects(model.answer(contextOf("When?")), { code: "model_nonsense" });
  }
});

Deno.test("the model's tokens and their cost are noted, of every request and of failures", async () => {
  const cached = { input_tokens_details: { cached_tokens: 40 } };
  const { model } = modelThat(
    [() => calls("find_hours", { branch: "x" }), () => says("no JSON", cached)],
    { toolbox, prices: { input: 0.25, cachedInput: 0.025, output: 2 } },
  );
  const context = contextOf("When?");
  await assert.rejects(model.answer(context), { code: "model_nonsense" });
  const { inputTokens, outputTokens, costMicros } = context.ledger.work;
  assert.deepEqual([inputTokens, outputTokens], [200, 20]);
  // 100 × 0.25 + 10 × 2, and 60 × 0.25 + 40 × 0.025 + 10 × 2.
  assert.equal(costMicros, 81);
});

Deno.test("the model is not asked when the budget is used up", async () => {
  const { model, sent } = modelThat([reply]);
  await assert.rejects(model.answer(contextOf("Hello", { mayUseModel: false })), {
    ...{ code: "model_budget_exceeded", retryable: false },
  });
  assert.deepEqual(sent, []);
});

const PNG = { contentType: "image/png", storagePath: "c/m/0", byteSize: 3 };

async function inputFor(
  overrides: Partial<AgentContext>,
  options: Partial<ModelOptions> = {},
): Promise<Record<string, unknown>[]> {
  const { model, sent } = modelThat([reply], options);
  await model.answer(contextOf("Look", overrides));
  return sent[0]?.input as Record<string, unknown>[];
}

Deno.test("the model sees pictures that are stored, and is told of what it does not see", async () => {
  const files = [
    PNG,
    { ...PNG, contentType: "image/tiff", storagePath: "c/m/1" },
    { ...PNG, storagePath: "c/m/2", byteSize: 4_000_000 },
    { ...PNG, storagePath: "c/m/3" },
  ];
  const readMedia = (path: string) =>
    Promise.resolve(path === "c/m/3" ? null : new Uint8Array([1, 2, 250]));
  const mediaTypes = files.map(({ contentType }) => contentType);
  const message = messageOf({ kind: "image", text: "Look", mediaTypes, storedMedia: files });
  const [item] = await inputFor({ messages: [message] }, { readMedia });
  assert.deepEqual(item?.["content"], [
    {
      type: "input_text",
      text: "[The customer sent this kind of message: image " +
        "(image/png, image/tiff, image/png, image/png). You see 1 of 4.]\nLook",
    },
    { type: "input_image", image_url: "data:image/png;base64,AQL6", detail: "auto" },
  ]);
});

Deno.test("a picture that cannot be read is named, and costs no answer", async () => {
  const readMedia = () => Promise.reject(new Error("no storage"));
  const message = messageOf({ kind: "image", mediaTypes: ["image/png"], storedMedia: [PNG] });
  const [item] = await inputFor({ messages: [message] }, { readMedia });
  assert.match(String(item?.["content"]), /You cannot open it/);
});

Deno.test("the model is given the summary and what was looked up, as data on one line each", async () => {
  const { model, sent } = modelThat([reply]);
  await model.answer(contextOf("And?", { summary: "They\nasked." }), ["We close at five."]);
  const contents = (sent[0]?.input as Record<string, unknown>[]).map(({ content }) => content);
  assert.deepEqual(contents, [
    '[Summary of what was said before: "They\\nasked."]',
    `[The company's own answer to such a question: "We close at five."]`,
    "And?",
  ]);
});

const LONG = Array.from({ length: 14 }, (_, index) =>
  messageOf({
    seq: index + 1,
    direction: index % 2 ? "outbound" : "inbound",
    text: `line ${index + 1}`,
  }));

/** Summaries are asked for in plain text. */
const summarising = (summary: () => Response) => (sent: Sent) => sent.text ? reply() : summary();

Deno.test("a long history is summarised beside the answer, but for its latest messages", async () => {
  const { model, sent } = modelThat([summarising(() => says("They said eight lines."))]);
  const context = contextOf([], {
    ...{ history: LONG, summary: "Before." },
    messages: [messageOf({ seq: 15, text: "Well?" })],
  });
  await model.answer(context);
  assert.deepEqual(context.ledger.work.summary, { text: "They said eight lines.", upToSeq: 8 });
  assert.equal(context.ledger.work.inputTokens, 200);
  const [asked] = sent.filter(({ text }) => !text);
  assert.match(String(asked?.input), /^Summary so far: Before\.\nCustomer: line 1\n.*line 8$/s);
});

Deno.test("a short history is not summarised", async () => {
  const { model, sent } = modelThat([reply]);
  await model.answer(contextOf("Well?", { history: LONG.slice(0, 12) }));
  assert.equal(sent.length, 1);
});

Deno.test("a summary tells nothing of the conversation before this one", async () => {
  const { model, sent } = modelThat([summarising(() => says("Short."))]);
  const previous = LONG.map((message) => ({ ...message, previous: true }));
  const fresh = contextOf("And?", { history: previous, messages: [messageOf({ seq: 20 })] });
  await model.answer(fresh);
  assert.deepEqual([sent.length, fresh.ledger.work.summary], [1, null]);

  const own = LONG.map((message) => ({ ...message, text: "Of this one" }));
  const context = contextOf("And?", {
    ...{ history: [...previous, ...own], messages: [messageOf({ seq: 20 })] },
  });
  await model.answer(context);
  const input = sent.map(({ input }) => input).find((input) => typeof input === "string") ?? "";
  assert.equal(
    String(input).split("\n").every((line) => line.includes("Of this one")),
    true,
    input as string,
  );
  assert.equal(context.ledger.work.summary?.upToSeq, 8);
});

Deno.test("a summary that fails costs no answer", async () => {
  for (const fails of [() => new Response("", { status: 500 }), () => says("")]) {
    const { model } = modelThat([summarising(fails)]);
    const context = contextOf("Well?", { history: LONG, messages: [messageOf({ seq: 15 })] });
    assert.deepEqual(await model.answer(context), ANSWER);
    assert.equal(context.ledger.work.summary, null);
  }
});

Deno.test("a summary covers nothing that came after the question", async () => {
  const { model } = modelThat([summarising(() => says("Short."))]);
  const context = contextOf([], { history: LONG, messages: [messageOf({ seq: 4 })] });
  await model.answer({ ...context, history: LONG.filter(({ seq }) => seq !== 4) });
  assert.equal(context.ledger.work.summary?.upToSeq, 3);
});
