/** Tools that a model calls: checked before, bounded, and with an effect once only. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { ToolCallBegin } from "../../../../supabase/functions/orchestrator/agent_database.ts";
import { AgentError } from "../../../../supabase/functions/orchestrator/agents/agent_error.ts";
import {
  defineTool,
  type Tool,
} from "../../../../supabase/functions/orchestrator/agents/tools/tool.ts";
import {
  createToolbox,
  MAXIMUM_CALLS,
} from "../../../../supabase/functions/orchestrator/agents/tools/toolbox.ts";
import { contextOf } from "./agent_context.ts";

const KEY = "00000000-0000-4000-8000-00000000cafe";

interface Called {
  given: unknown;
  conversationId: string;
  idempotencyKey: string | null;
}

/** A tool that notes how it was called, and gives back what `result` gives. */
function noting(overrides: Partial<Tool> = {}, result: () => unknown = () => ({ ok: true })) {
  const calls: Called[] = [];
  const tool = defineTool({
    name: "block_card",
    description: "Blocks a card.",
    parameters: z.object({ last_digits: z.string().regex(/^\d{4}$/) }),
    hasEffect: false,
    run: async (given, { context: { conversationId }, idempotencyKey }) => {
      calls.push({ given, conversationId, idempotencyKey });
      return await result();
    },
  });
  return { tool: { ...tool, ...overrides }, calls };
}

/** A database that answers so to the beginning of a call, and notes what is recorded. */
function recording(begin: ToolCallBegin = { outcome: "started", toolCallId: KEY }) {
  const begun: unknown[] = [];
  const finished: [string, unknown][] = [];
  return {
    begun,
    finished,
    beginToolCall: (call: unknown) => (begun.push(call), Promise.resolve(begin)),
    finishToolCall: (id: string, result: unknown) => {
      finished.push([id, result]);
      return Promise.resolve(result);
    },
  };
}

const GIVEN = '{"last_digits":"1234"}';

Deno.test("createToolbox() describes its tools by strict schemas", () => {
  const [definition] = createToolbox([noting().tool], recording()).definitions;
  assert.deepEqual(definition, {
    name: "block_card",
    description: "Blocks a card.",
    parameters: {
      type: "object",
      properties: { last_digits: { type: "string", pattern: "^\\d{4}$" } },
      required: ["last_digits"],
      additionalProperties: false,
    },
  });
});

Deno.test("call() gives the tool this turn's conversation and the model its result", async () => {
  const { tool, calls } = noting();
  const database = recording();
  const context = contextOf("Block it");
  assert.equal(
    await createToolbox([tool], database).open(context).call("block_card", GIVEN),
    '{"ok":true}',
  );
  assert.deepEqual(calls, [{
    given: { last_digits: "1234" },
    conversationId: context.conversationId,
    idempotencyKey: null,
  }]);
  assert.deepEqual(database.begun, []);
  assert.equal(context.ledger.work.toolCallCount, 1);
});

for (const wrong of ["{", "[]", '{"last_digits":"12"}', "{}", '{"last_digits":1234}']) {
  Deno.test(`call() calls nothing with the arguments ${wrong}, and says why`, async () => {
    const { tool, calls } = noting();
    const open = createToolbox([tool], recording()).open(contextOf("Block it"));
    const answer = JSON.parse(await open.call("block_card", wrong));
    assert.equal(answer.error, "invalid_arguments");
    assert.deepEqual(calls, []);
  });
}

Deno.test("call() knows no tool that is not there", async () => {
  const open = createToolbox([], recording()).open(contextOf("Hello"));
  assert.equal(await open.call("drop_table", "{}"), '{"error":"unknown_tool"}');
});

Deno.test("call() makes so many calls and no more", async () => {
  const { tool, calls } = noting();
  const open = createToolbox([tool], recording()).open(contextOf("Hello"));
  for (let call = 0; call < MAXIMUM_CALLS; call++) await open.call("block_card", GIVEN);
  assert.equal(await open.call("block_card", GIVEN), '{"error":"too_many_calls"}');
  assert.equal(calls.length, MAXIMUM_CALLS);
});

Deno.test("call() tells the model that a tool failed, took too long, or said too much", async () => {
  const results: [() => unknown, string][] = [
    [() => Promise.reject(new Error("says +5511987654321")), "tool_failed"],
    [() => new Promise(() => {}), "tool_failed"],
    [() => "x".repeat(10_000), "result_too_long"],
  ];
  for (const [result, error] of results) {
    const open = createToolbox([noting({}, result).tool], recording(), 20).open(contextOf("Hello"));
    assert.equal(await open.call("block_card", GIVEN), JSON.stringify({ error }));
  }
});

Deno.test("call() records a call with an effect before and after, and passes its key on", async () => {
  const { tool, calls } = noting({ hasEffect: true });
  const database = recording();
  const context = contextOf("Block it", { attempt: 3 });
  await createToolbox([tool], database).open(context).call("block_card", GIVEN);
  assert.deepEqual(database.begun, [{
    ...{ turnId: context.turnId, attempt: 3, tool: "block_card" },
    arguments: { last_digits: "1234" },
  }]);
  assert.equal(calls[0]?.idempotencyKey, KEY);
  assert.deepEqual(database.finished, [[KEY, { ok: true }]]);
});

Deno.test("call() does nothing twice: what is recorded is the result", async () => {
  const { tool, calls } = noting({ hasEffect: true });
  const database = recording({ outcome: "finished", toolCallId: KEY, result: { blocked: "gold" } });
  const open = createToolbox([tool], database).open(contextOf("Block it"));
  assert.equal(await open.call("block_card", GIVEN), '{"blocked":"gold"}');
  assert.deepEqual(calls, []);
});

Deno.test("call() has no effect for an attempt that has lost its turn", async () => {
  const { tool, calls } = noting({ hasEffect: true });
  const open = createToolbox([tool], recording({ outcome: "lease_lost" })).open(contextOf("Hi"));
  await assert.rejects(open.call("block_card", GIVEN), { code: "lease_lost" });
  assert.deepEqual(calls, []);
});

Deno.test("call() fails the attempt when nobody knows whether there was an effect", async () => {
  for (const result of [() => Promise.reject(new Error("oops")), () => new Promise(() => {})]) {
    const { tool } = noting({ hasEffect: true }, result);
    const open = createToolbox([tool], recording(), 20).open(contextOf("Block it"));
    await assert.rejects(open.call("block_card", GIVEN), { code: "tool_failed", retryable: true });
  }
});

Deno.test("call() has no effect once the turn is over, also when it was over in between", async () => {
  const { tool, calls } = noting({ hasEffect: true });
  const turn = new AbortController();
  const database = recording();
  const begin = database.beginToolCall;
  database.beginToolCall = (call) => (turn.abort(), begin(call));
  const open = createToolbox([tool], database).open(contextOf("Hi", { signal: turn.signal }));
  await assert.rejects(open.call("block_card", GIVEN), { code: "tool_failed" });
  assert.deepEqual(calls, []);
});

Deno.test("call() asks the guard first, also when a result is on record", async () => {
  const { tool, calls } = noting({ hasEffect: true });
  const database = recording({ outcome: "finished", toolCallId: KEY, result: { blocked: "gold" } });
  const guarded = { ...tool, guard: () => Promise.resolve({ error: "not_verified" }) };
  const open = createToolbox([guarded], database).open(contextOf("Block it"));
  assert.equal(await open.call("block_card", GIVEN), '{"error":"not_verified"}');
  assert.deepEqual([calls, database.begun], [[], []]);
  assert.equal(JSON.parse(await open.call("block_card", "{}")).error, "invalid_arguments");
});

Deno.test("call() calls nothing when the guard fails, or does not answer", async () => {
  const guards = [() => Promise.reject(new Error("+5511987654321")), () => new Promise(() => {})];
  for (const guard of guards) {
    const { tool, calls } = noting();
    const open = createToolbox([{ ...tool, guard }], recording(), 20).open(contextOf("Block it"));
    assert.equal(await open.call("block_card", GIVEN), '{"error":"tool_failed"}');
    assert.deepEqual(calls, []);
  }
});

Deno.test("call() gives the attempt up when the guard finds that the turn is another's", async () => {
  const lost = () => Promise.reject(new AgentError("lease_lost", "Cannot look"));
  const open = createToolbox([{ ...noting().tool, guard: lost }], recording())
    .open(contextOf("Block it"));
  await assert.rejects(open.call("block_card", GIVEN), { code: "lease_lost" });
});
