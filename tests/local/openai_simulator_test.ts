import assert from "node:assert/strict";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { Calls, type OpenAISimulator, startOpenAISimulator } from "../../local/openai_simulator.ts";
import { createOpenAIAgent } from "../../supabase/functions/orchestrator/agents/openai.ts";
import { contextOf } from "../functions/orchestrator/agents/agent_context.ts";

const Answer = z.object({
  reply: z.string(),
  language: z.string(),
  intent: z.enum(["greeting", "request", "other"]),
  confidence: z.number(),
  hand_over: z.boolean(),
  tags: z.array(z.string()),
  note: z.string().nullable(),
});

/** Runs `test` against a simulator of its own, with a client that does not retry. */
async function withSimulator(
  test: (simulator: OpenAISimulator, client: OpenAI) => Promise<void>,
): Promise<void> {
  const simulator = startOpenAISimulator({ port: 0 });
  try {
    await test(simulator, clientOf(simulator));
  } finally {
    await simulator.stop();
  }
}

function clientOf(simulator: OpenAISimulator, options: { apiKey?: string; timeout?: number } = {}) {
  return new OpenAI({
    baseURL: simulator.url,
    apiKey: "sk-local",
    maxRetries: 0,
    timeout: 5_000,
    ...options,
  });
}

function ask(client: OpenAI, said: string | OpenAI.Responses.EasyInputMessage[]) {
  const input = typeof said === "string" ? [{ role: "user" as const, content: said }] : said;
  const format = zodTextFormat(Answer, "answer");
  return client.responses.parse({ model: "gpt-5-mini", input, text: { format } });
}

Deno.test("the simulator answers the Responses API with an object of the schema", () =>
  withSimulator(async (_simulator, client) => {
    const response = await ask(client, "Hello, I lost my card");
    assert.equal(response.status, "completed");
    assert.deepEqual(response.output_parsed, {
      reply: "I understand, this is about your card: “Hello, I lost my card”. " +
        "A colleague is with you in a moment.",
      language: "en",
      intent: "request",
      confidence: 0.9,
      hand_over: false,
      tags: [],
      note: response.output_parsed?.reply,
    });
    assert((response.usage?.total_tokens ?? 0) > 0);
  }));

Deno.test("the simulator answers in the customer's language and repeats what was asked", () =>
  withSimulator(async (_simulator, client) => {
    const questions = {
      en: "When do you open on Monday?",
      pt: "Qual é o horário da agência?",
      es: "¿Cuál es el horario de la oficina?",
      de: "Wie sind die Öffnungszeiten der Filiale?",
    };
    for (const [language, question] of Object.entries(questions)) {
      const { output_parsed } = await ask(client, question);
      assert.equal(output_parsed?.language, language);
      assert(output_parsed?.reply.includes(question), output_parsed?.reply);
    }
  }));

Deno.test("the simulator answers all that was said since the last reply, and nothing older", () =>
  withSimulator(async (_simulator, client) => {
    const { output_parsed } = await ask(client, [
      { role: "user", content: "the first question" },
      { role: "assistant", content: "the first answer" },
      { role: "user", content: "second thing" },
      { role: "user", content: "[The customer sent this kind of message: image.]\nthird thing" },
    ]);
    assert.match(output_parsed?.reply ?? "", /“second thing \/ third thing”/);
  }));

Deno.test("the simulator says the same to the same words", () =>
  withSimulator(async (_simulator, client) => {
    const first = await ask(client, "Where is my parcel?");
    const second = await ask(client, "Where is my parcel?");
    assert.equal(first.output_text, second.output_text);
    assert.notEqual(first.id, second.id);
  }));

Deno.test("the simulator answers chat completions and lists its models", () =>
  withSimulator(async (_simulator, client) => {
    const completion = await client.chat.completions.create({
      model: "gpt-5-mini",
      messages: [{ role: "system", content: "Be kind." }, { role: "user", content: "Hola" }],
    });
    assert.match(completion.choices[0]?.message.content ?? "", /^¡Hola! Usted escribió “Hola”/);
    assert.equal((await client.models.list()).data[0]?.object, "model");
  }));

Deno.test("the simulator answers 401 without a key, in the API's error shape", () =>
  withSimulator(async (simulator) => {
    const response = await fetch(`${simulator.url}/responses`, { method: "POST", body: "{}" });
    assert.equal(response.status, 401);
    assert.equal((await response.json()).error.code, "invalid_api_key");
  }));

Deno.test("the simulator answers 400 to what the API refuses", () =>
  withSimulator(async (_simulator, client) => {
    const open = { type: "object", properties: { reply: { type: "string" } }, required: ["reply"] };
    await assert.rejects(
      client.responses.create({
        model: "gpt-5-mini",
        input: "Hello",
        text: { format: { type: "json_schema", name: "open", strict: true, schema: open } },
      }),
      { status: 400, code: "invalid_json_schema" },
    );
    await assert.rejects(client.responses.create({ model: "", input: "Hello" }), {
      status: 400,
      param: "model",
    });
  }));

Deno.test("the simulator says what a test scripts", () =>
  withSimulator(async (simulator, client) => {
    simulator.answerWith("A scripted reply.");
    assert.equal((await ask(client, "Hello")).output_parsed?.reply, "A scripted reply.");
    simulator.answerWith(({ said }) => `${said.length} said`);
    assert.equal((await ask(client, "Hello")).output_parsed?.reply, "1 said");
    simulator.answerWith({ reply: "whole", language: "xx" });
    await assert.rejects(ask(client, "Hello"), { name: "ZodError" });
    simulator.answerWith(null);
    assert.match((await ask(client, "Hello")).output_parsed?.reply ?? "", /^Hello! You wrote/);
  }));

Deno.test("the simulator remembers the requests, those that failed too", () =>
  withSimulator(async (simulator, client) => {
    simulator.setFault("status:500");
    await assert.rejects(ask(client, "one"), { status: 500 });
    await ask(client, "two");
    const inputs = simulator.requests().map(({ body }) => JSON.stringify(body?.["input"]));
    assert.match(inputs.join(), /"one".*"two"/);
    assert.equal(inputs.length, 2);
  }));

Deno.test("setFault() lets as many requests fail as it says, then all is well", () =>
  withSimulator(async (simulator, client) => {
    simulator.setFault("status:429", 2);
    for (const remaining of [1, 0]) {
      const error = await ask(client, "Hello").catch((error) => error);
      assert(error instanceof OpenAI.RateLimitError);
      assert.equal(error.headers?.get("retry-after"), "1");
      assert.equal(simulator.faults().active?.remaining ?? 0, remaining);
    }
    assert.equal((await ask(client, "Hello")).status, "completed");
  }));

Deno.test("setFault() refuses a mode that it does not know", () =>
  withSimulator((simulator) => {
    for (const mode of ["status:200", "slow", "nonsense:rhyme", "explode"]) {
      assert.throws(() => simulator.setFault(mode), /Cannot set fault .*: expected one of slow/);
    }
    return Promise.resolve();
  }));

Deno.test("the fault slow delays an answer", () =>
  withSimulator(async (simulator, client) => {
    simulator.setFault("slow:120");
    const start = performance.now();
    await ask(client, "Hello");
    assert(performance.now() - start >= 119);
  }));

Deno.test("the fault hang answers never: the client's time-out ends it", () =>
  withSimulator(async (simulator) => {
    simulator.setFault("hang");
    await assert.rejects(
      ask(clientOf(simulator, { timeout: 100 }), "Hello"),
      OpenAI.APIConnectionTimeoutError,
    );
  }));

Deno.test("stop() ends a request that hangs", async () => {
  const simulator = startOpenAISimulator({ port: 0 });
  simulator.setFault("hang");
  const hanging = ask(clientOf(simulator), "Hello").catch((error) => error);
  await taken(simulator);
  await simulator.stop();
  assert((await hanging) instanceof OpenAI.APIError);
});

/** Resolves when the active fault has met its request; gives up after a second. */
async function taken(simulator: OpenAISimulator): Promise<void> {
  const deadline = Date.now() + 1_000;
  while (simulator.faults().active) {
    assert(Date.now() < deadline, "no request met the fault within a second");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const LOOK_UP = {
  type: "function" as const,
  name: "look_up",
  description: "Looks something up.",
  strict: true,
  parameters: {
    type: "object",
    properties: { what: { type: "string" } },
    required: ["what"],
    additionalProperties: false,
  },
};

Deno.test("the simulator calls functions, is told what they gave back, and then answers", () =>
  withSimulator(async (simulator, client) => {
    simulator.answerWith(({ toolOutputs }) =>
      toolOutputs.length === 0
        ? new Calls({ name: "look_up", arguments: { what: "hours" } })
        : `They say ${toolOutputs.join()}`
    );
    const question = { role: "user" as const, content: "When are you open?" };
    const format = zodTextFormat(Answer, "answer");
    const shared = { model: "gpt-5-mini", tools: [LOOK_UP], text: { format } };
    const first = await client.responses.parse({ ...shared, input: [question] });
    const [call] = first.output;
    assert.ok(call?.type === "function_call");
    assert.deepEqual(
      [call.name, call.arguments, first.output_parsed],
      ["look_up", '{"what":"hours"}', null],
    );

    const second = await client.responses.parse({
      ...shared,
      input: [question, call, {
        ...{ type: "function_call_output", call_id: call.call_id, output: "9 to 5" },
      }],
    });
    assert.equal(second.output_parsed?.reply, "They say 9 to 5");
    assert.ok((second.usage?.input_tokens ?? 0) > (first.usage?.input_tokens ?? 0));
  }));

Deno.test("the simulator answers 400 to what the API refuses of functions and pictures", () =>
  withSimulator(async (_simulator, client) => {
    const refusals: Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>[] = [
      { tools: [{ ...LOOK_UP, parameters: { type: "object", properties: {}, required: [] } }] },
      { input: [{ type: "function_call_output", call_id: "call_1", output: "lost" }] },
      { input: [{ type: "function_call", call_id: "call_1", name: "look_up", arguments: "{}" }] },
      {
        input: [{
          role: "user",
          content: [{ type: "input_image", image_url: "http://a.example/b.png", detail: "auto" }],
        }],
      },
    ];
    for (const refused of refusals) {
      const request = { model: "gpt-5-mini", input: "Hello", ...refused };
      await assert.rejects(client.responses.create(request), { status: 400 });
    }
  }));

const AGENT_FAULTS: [mode: string, code: string][] = [
  ["status:401", "model_unauthorized"],
  ["status:429", "model_rate_limited"],
  ["status:429:insufficient_quota", "model_quota_exceeded"],
  ["status:500", "model_unavailable"],
  ["hang", "model_timeout"],
  ["slow:10000", "model_timeout"],
  ["nonsense", "model_nonsense"],
  ["nonsense:wrong_schema", "model_nonsense"],
  ["nonsense:empty", "model_nonsense"],
  ["nonsense:incomplete", "model_nonsense"],
  ["nonsense:broken_body", "model_nonsense"],
  ["nonsense:refusal", "model_refused"],
];

Deno.test("the agent openai names every fault by its code, then answers again", () =>
  withSimulator(async (simulator) => {
    const agent = createOpenAIAgent({
      apiKey: "sk-local",
      baseUrl: simulator.url,
      model: "gpt-5-mini",
      timeoutMs: 300,
    });
    for (const [mode, code] of AGENT_FAULTS) {
      simulator.setFault(mode);
      await assert.rejects(agent.reply(contextOf("Hello")), { name: "AgentError", code }, mode);
    }
    const reply = await agent.reply(contextOf(["Oi", "perdi meu cartão"]));
    assert.deepEqual(reply, {
      kind: "text",
      text: "Entendi, é sobre o seu cartão: “Oi / perdi meu cartão”. Um colega já vai atender.",
      language: "pt",
      handOver: false,
    });
  }));

Deno.test("the agent openai cannot connect once the simulator is gone", async () => {
  const simulator = startOpenAISimulator({ port: 0 });
  await simulator.stop();
  const agent = createOpenAIAgent({
    apiKey: "sk-local",
    baseUrl: simulator.url,
    model: "gpt-5-mini",
    timeoutMs: 1_000,
  });
  await assert.rejects(agent.reply(contextOf("Hello")), { code: "model_unavailable" });
});
