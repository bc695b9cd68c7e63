/** One claimed turn: what the agent says is stored, and so is that it failed. */
import assert from "node:assert/strict";
import type { TurnEnd, TurnWork } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type {
  Agent,
  AgentContext,
  Reply,
} from "../../../supabase/functions/orchestrator/agents/agent.ts";
import {
  AgentError,
  type AgentErrorCode,
} from "../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { answerTurn } from "../../../supabase/functions/orchestrator/answer_turn.ts";
import { CONVERSATION_ID, turnInWork } from "../../support/factories.ts";
import {
  agentOf,
  type FakeOrchestratorDeps,
  orchestratorDeps,
  textReply,
} from "../../support/fakes.ts";

interface Recorded {
  ends: [string, number, TurnEnd][];
  failures: [string, number, { errorCode: string; errorMessage: string; isFinal: boolean }][];
  works: (TurnWork | undefined)[];
}

/** Deps whose database notes how turns end, and takes it. */
function recordingDeps(agent: Agent): FakeOrchestratorDeps & Recorded {
  const [deps, ends, failures, works] = [orchestratorDeps({ agent }), [], [], []] as [
    FakeOrchestratorDeps,
    Recorded["ends"],
    Recorded["failures"],
    Recorded["works"],
  ];
  deps.database.completeTurn = (turnId, attempt, end, work) => {
    ends.push([turnId, attempt, end]);
    works.push(work);
    return Promise.resolve({ outcome: "answered", messageIds: [] });
  };
  deps.database.failTurn = (turnId, attempt, failure, work) => {
    failures.push([turnId, attempt, failure]);
    works.push(work);
    return Promise.resolve({ outcome: "retrying", dueInMs: 2000 });
  };
  return { ...deps, ends, failures, works };
}

/** A turn whose lease ends in so many milliseconds. */
function turnWithLease(deps: FakeOrchestratorDeps, ms: number) {
  return turnInWork({ leaseUntil: deps.now() + ms });
}

Deno.test("answerTurn() gives the agent its context, and nothing more", async () => {
  let given: AgentContext | undefined;
  const deps = recordingDeps(agentOf((context) => (given = context, textReply("Hi"))));
  const turn = turnInWork({ customerName: "Ana", leaseUntil: deps.now() + 60_000 });
  await answerTurn(deps, turn);
  const { outcome: _, leaseMs: __, leaseUntil: ___, ...context } = turn;
  const ours = { signal: undefined, ledger: undefined };
  assert.deepEqual({ ...given, ...ours }, { ...context, ...ours, timeMs: 55_000 });
  assert.ok(given?.signal instanceof AbortSignal && !given.signal.aborted);
});

Deno.test("answerTurn() stores the reply and reports it", async () => {
  const deps = recordingDeps(agentOf(() => (deps.clock.pass(120), textReply("Hi"))));
  const turn = turnWithLease(deps, 60_000);
  const { turnId, attempt } = turn;
  await answerTurn(deps, turn);
  assert.deepEqual(deps.ends, [[turnId, attempt, { reply: ["Hi"] }]]);
  assert.deepEqual(deps.events, [
    { event: "turn.claimed", conversationId: CONVERSATION_ID, turnId, attempt },
    { event: "turn.answered", turnId, outcome: "answered", agent: "test", ms: 120 },
  ]);
});

Deno.test("answerTurn() stores a long reply as several parts", async () => {
  const deps = recordingDeps(agentOf(() => textReply("word ".repeat(500))));
  await answerTurn(deps, turnWithLease(deps, 60_000));
  const end = deps.ends[0]?.[2] ?? { reply: [] };
  assert.ok("reply" in end && end.reply.length === 2);
});

Deno.test("answerTurn() stores silence with its reason", async () => {
  const silence: Reply = { kind: "silence", reason: "spam" };
  const deps = recordingDeps(agentOf(() => silence));
  await answerTurn(deps, turnWithLease(deps, 60_000));
  assert.deepEqual(deps.ends.map(([, , end]) => end), [{ silentReason: "spam" }]);
});

Deno.test("answerTurn() hands over with the agent's words, or without any", async () => {
  const replies: Reply[] = [
    { kind: "text", text: "A colleague comes", language: "en", handOver: true },
    { kind: "text", text: "Somebody comes", language: "en", handOver: true, reason: "model_asks" },
    { kind: "silence", reason: "not_confident", handOver: true },
  ];
  const ends: TurnEnd[] = [];
  for (const reply of replies) {
    const deps = recordingDeps(agentOf(() => reply));
    await answerTurn(deps, turnWithLease(deps, 60_000));
    ends.push(...deps.ends.map(([, , end]) => end));
  }
  assert.deepEqual(ends, [
    { reply: ["A colleague comes"], handOverReason: "agent_decided" },
    { reply: ["Somebody comes"], handOverReason: "model_asks" },
    { reply: [], handOverReason: "not_confident" },
  ]);
});

const codes: [AgentErrorCode, isFinal: boolean][] = [
  ["model_timeout", false],
  ["model_rate_limited", false],
  ["model_unavailable", false],
  ["model_nonsense", false],
  ["model_unsafe", false],
  ["model_refused", true],
  ["model_unauthorized", true],
  ["model_quota_exceeded", true],
  ["model_rejected_request", true],
];

for (const [code, isFinal] of codes) {
  Deno.test(`answerTurn() fails the turn ${isFinal ? "for good" : "for now"} at ${code}`, async () => {
    const deps = recordingDeps(agentOf(() => {
      throw new AgentError(code, "our words");
    }));
    const turn = turnWithLease(deps, 60_000);
    await answerTurn(deps, turn);
    const { turnId, attempt } = turn;
    assert.deepEqual(deps.failures, [
      [turnId, attempt, { errorCode: code, errorMessage: "our words", isFinal }],
    ]);
    const outcome = "retrying";
    assert.deepEqual(deps.events.at(-1), {
      ...{ event: "turn.failed", turnId, outcome, agent: "test", code },
    });
    assert.deepEqual(deps.ends, []);
  });
}

Deno.test("answerTurn() fails the turn for now at what no agent should throw, without its words", async () => {
  const deps = recordingDeps(agentOf(() => {
    throw new TypeError("says +5511987654321");
  }));
  await answerTurn(deps, turnWithLease(deps, 60_000));
  assert.deepEqual(deps.failures.map(([, , failure]) => failure), [
    { errorCode: "TypeError", errorMessage: "", isFinal: false },
  ]);
});

Deno.test("answerTurn() aborts its signal before the lease ends", async () => {
  const deps = recordingDeps(agentOf(({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new AgentError("model_timeout", "over")));
    })
  ));
  const startedAt = performance.now();
  await answerTurn(deps, turnWithLease(deps, 5_050));
  const ms = performance.now() - startedAt;
  assert.ok(ms >= 45 && ms < 2000, `aborted after ${ms} ms, 5 s before the end of the lease`);
  assert.deepEqual(deps.failures.map(([, , { errorCode }]) => errorCode), ["model_timeout"]);
});

Deno.test("answerTurn() throws what the database throws, and does not fail the turn for it", async () => {
  const deps = recordingDeps(agentOf(() => textReply("Hi")));
  const error = new DatabaseError("complete_turn", "57014", 500);
  deps.database.completeTurn = () => Promise.reject(error);
  await assert.rejects(answerTurn(deps, turnWithLease(deps, 60_000)), error);
  assert.deepEqual(deps.failures, []);
});

Deno.test("answerTurn() stores the work with the answer, and with the failure", async () => {
  for (const fails of [false, true]) {
    const deps = recordingDeps(agentOf(({ ledger }) => {
      ledger.useModel({ inputTokens: 100, outputTokens: 20, costMicros: 64.6 });
      ledger.callTool();
      ledger.summarise("Ana asked for hours.", 7);
      if (fails) throw new AgentError("model_timeout", "over");
      return textReply("Hi");
    }));
    await answerTurn(deps, turnWithLease(deps, 60_000));
    assert.deepEqual(deps.works, [{
      ...{ agent: "test", failures: [], inputTokens: 100, outputTokens: 20, costMicros: 65 },
      ...{ toolCallCount: 1, summary: { text: "Ana asked for hours.", upToSeq: 7 } },
    }]);
  }
});
