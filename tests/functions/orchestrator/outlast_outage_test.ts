/** While the database fails for a moment: what is known is stored all the same, and said once. */
import assert from "node:assert/strict";
import type { Database } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { AgentError } from "../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { answerConversation } from "../../../supabase/functions/orchestrator/answer_conversation.ts";
import { answerTurn } from "../../../supabase/functions/orchestrator/answer_turn.ts";
import { turnInWork } from "../../support/factories.ts";
import { agentOf, type FakeOrchestratorDeps, orchestratorDeps } from "../../support/fakes.ts";
import { conversationWith, turnStates } from "./waiting_messages.ts";

type Method = "completeTurn" | "failTurn" | "recordSend";

const down = () => new DatabaseError("complete_turn", "57P03", 503);
const saysNo = () => new DatabaseError("complete_turn", "SB003", 400);

/** Fails so many calls of a method. */
function failTimes({ database }: FakeOrchestratorDeps, method: Method, times: number): void {
  let left = times;
  database.failure = (name) => name === method && left-- > 0 ? down() : undefined;
}

/** How often a method was called. */
function callsOf({ database }: FakeOrchestratorDeps, method: keyof Database): number {
  return database.calls.filter((name) => name === method).length;
}

/** Deps whose agent fails, for good. */
function failingAgent(): FakeOrchestratorDeps {
  return orchestratorDeps({
    agent: agentOf(() => {
      throw new AgentError("model_refused", "never");
    }),
  });
}

const makers: [Method, () => FakeOrchestratorDeps][] = [
  ["completeTurn", () => orchestratorDeps()],
  ["failTurn", failingAgent],
  ["recordSend", () => orchestratorDeps()],
];

for (const [method, make] of makers) {
  Deno.test(`The orchestrator calls ${method}() again until the database is back`, async () => {
    const deps = make();
    const conversationId = await conversationWith(deps, "Hello");
    failTimes(deps, method, 4);
    await answerConversation(deps, conversationId);
    assert.equal(callsOf(deps, method), 5);
    assert.deepEqual(deps.clock.waits, [200, 400, 800, 1600]);
    assert.equal(deps.sent.length, 1);
    assert.deepEqual(turnStates(deps), [method === "failTurn" ? "dead" : "answered"]);
    assert.equal(deps.database.state.messages.at(-1)?.sendState, "handed_over");
  });

  Deno.test(`The orchestrator calls ${method}() no more when its lease has ended`, async () => {
    const deps = make();
    const conversationId = await conversationWith(deps, "Hello");
    const startedAt = deps.clock.now();
    failTimes(deps, method, 1000);
    await assert.rejects(answerConversation(deps, conversationId), { code: "57P03" });
    const ms = deps.clock.now() - startedAt;
    const { leaseSeconds, sendLeaseSeconds } = deps.database.state.settings;
    const leaseMs = (method === "recordSend" ? sendLeaseSeconds : leaseSeconds) * 1000;
    assert.ok(ms > leaseMs / 3 && ms <= leaseMs, `it gave up after ${ms} ms of ${leaseMs}`);
  });

  Deno.test(`The orchestrator does not repeat ${method}() when the database says no`, async () => {
    const deps = make();
    const conversationId = await conversationWith(deps, "Hello");
    deps.database.failure = (name) => name === method ? saysNo() : undefined;
    await assert.rejects(answerConversation(deps, conversationId), { code: "SB003" });
    assert.equal(callsOf(deps, method), 1);
    assert.deepEqual(deps.clock.waits, []);
  });

  Deno.test(`The orchestrator says one thing when the answer to ${method}() is lost`, async () => {
    const deps = make();
    const conversationId = await conversationWith(deps, "Hello");
    let isLost = false;
    const call = deps.database[method] as (...parameters: unknown[]) => Promise<unknown>;
    deps.database[method] = (async (...parameters: unknown[]) => {
      const result = await call(...parameters);
      if (isLost) return result;
      isLost = true;
      throw down();
    }) as never;
    await answerConversation(deps, conversationId);
    assert.equal(deps.sent.length, 1);
    assert.deepEqual(
      deps.database.state.messages.map(({ direction, sendState }) => [direction, sendState]),
      [["inbound", null], ["outbound", "handed_over"]],
    );
  });
}

Deno.test("The orchestrator sends nothing again whose recording failed to the end", async () => {
  const deps = orchestratorDeps();
  const conversationId = await conversationWith(deps, "Hello");
  failTimes(deps, "recordSend", 1000);
  await assert.rejects(answerConversation(deps, conversationId), { code: "57P03" });
  deps.database.failure = undefined;
  deps.clock.pass(3600_000);
  await answerConversation(deps, conversationId);
  assert.deepEqual(deps.sent, ["Good morning!"]);
  assert.equal(deps.database.state.messages.at(-1)?.sendState, "uncertain");
});

Deno.test("answerTurn() abandons an agent that ignores its signal before the lease ends", async () => {
  const answers = Promise.withResolvers<void>();
  const deps = orchestratorDeps({
    agent: agentOf(async () => {
      await answers.promise;
      return { kind: "text", text: "too late", language: null, handOver: false };
    }),
  });
  const failures: string[] = [];
  deps.database.failTurn = (_, __, { errorCode }) => {
    failures.push(errorCode);
    return Promise.resolve({ outcome: "retrying", dueInMs: 2000 });
  };
  const startedAt = performance.now();
  // 5 s of a lease are for storing: 50 ms are left for the agent.
  await answerTurn(deps, turnInWork({ leaseUntil: deps.now() + 5050 }));
  const ms = performance.now() - startedAt;
  assert.ok(ms >= 45 && ms < 3000, `abandoned after ${ms} ms`);
  assert.deepEqual(failures, ["model_timeout"]);

  answers.resolve();
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(deps.database.calls, [], "what it says after all is heard by nobody");
});
