/** Turn after turn until nothing is pending, or until it is too late to start another. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { answerConversation } from "../../../supabase/functions/orchestrator/answer_conversation.ts";
import { agentOf, orchestratorDeps, textReply } from "../../support/fakes.ts";
import { claimedTurn, CONVERSATION_ID } from "../../support/factories.ts";
import { AgentError } from "../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { conversationWith, receive, turnStates } from "./waiting_messages.ts";

const STORED = ["claimTurn", "completeTurn", "claimSend", "recordSend", "claimSend"];

Deno.test("answerConversation() answers a burst as one turn and sends one reply", async () => {
  const seen: string[][] = [];
  const deps = orchestratorDeps({
    agent: agentOf(({ messages }) => {
      seen.push(messages.map(({ text }) => text));
      return textReply("Good morning!");
    }),
  });
  await answerConversation(deps, await conversationWith(deps, "one", "two", "three"));
  assert.deepEqual(seen, [["one", "two", "three"]]);
  assert.deepEqual(deps.sent, ["Good morning!"]);
  assert.deepEqual(turnStates(deps), ["answered"]);
  assert.deepEqual(deps.database.calls, [...STORED, "claimTurn", "claimSend"]);
});

Deno.test("answerConversation() goes on with what arrives while it works, in order", async () => {
  const deps = orchestratorDeps();
  const arriving = ["two", "three"];
  deps.agent = agentOf(async ({ messages }) => {
    const next = arriving.shift();
    if (next) await receive(deps, next);
    return textReply(`to ${messages.map(({ text }) => text)}`);
  });
  await answerConversation(deps, await conversationWith(deps, "one"));
  assert.deepEqual(deps.sent, ["to one", "to two", "to three"]);
  assert.deepEqual(turnStates(deps), ["answered", "answered", "answered"]);
});

Deno.test("answerConversation() says that a person comes, and then says nothing more", async () => {
  const deps = orchestratorDeps({
    agent: agentOf(() => ({ ...textReply("A colleague comes"), handOver: true })),
  });
  const conversationId = await conversationWith(deps, "A person, please");
  await answerConversation(deps, conversationId);
  await answerConversation(deps, await conversationWith(deps, "Hello?"));
  assert.deepEqual(deps.sent, ["A colleague comes"]);
  assert.deepEqual(turnStates(deps), ["silent", "pending"]);
});

Deno.test("answerConversation() waits for a turn that is due soon", async () => {
  const deps = orchestratorDeps();
  await answerConversation(deps, await receive(deps, "Hello"));
  assert.deepEqual(deps.clock.waits, [1000]);
  assert.deepEqual(deps.sent, ["Good morning!"]);
});

Deno.test("answerConversation() tries a failed turn again when it is due soon", async () => {
  const deps = orchestratorDeps({
    agent: agentOf(({ attempt }) => {
      if (attempt === 1) throw new AgentError("model_timeout", "slow");
      return textReply("At last");
    }),
  });
  await answerConversation(deps, await conversationWith(deps, "Hello"));
  assert.deepEqual(deps.clock.waits, [2000]);
  assert.deepEqual(deps.sent, ["At last"]);
});

Deno.test("answerConversation() sends the fallback text of a turn that died", async () => {
  const deps = orchestratorDeps({
    agent: agentOf(() => {
      throw new AgentError("model_refused", "never");
    }),
  });
  await answerConversation(deps, await conversationWith(deps, "Hello"));
  assert.deepEqual(deps.sent, [deps.database.state.settings.fallbackText]);
  assert.deepEqual(turnStates(deps), ["dead"]);
});

Deno.test("answerConversation() leaves a turn that is due in 10 s or later to the sweep", async () => {
  const deps = orchestratorDeps();
  deps.database.claimTurn = () => Promise.resolve({ outcome: "not_due", dueInMs: 10_000 });
  await answerConversation(deps, CONVERSATION_ID);
  assert.deepEqual(deps.clock.waits, []);
  assert.deepEqual(deps.database.calls, ["claimSend"]);
});

Deno.test("answerConversation() waits for a turn that is due just within the 10 s", async () => {
  const deps = orchestratorDeps();
  const claims = [{ outcome: "not_due" as const, dueInMs: 9999 }];
  deps.database.claimTurn = () => Promise.resolve(claims.shift() ?? { outcome: "nothing_pending" });
  await answerConversation(deps, CONVERSATION_ID);
  assert.deepEqual(deps.clock.waits, [9999]);
});

Deno.test("answerConversation() starts no turn after 10 s, but dispatches anew", async () => {
  const deps = orchestratorDeps();
  deps.agent = agentOf(async ({ messages }) => {
    if (deps.sent.length < 5) await receive(deps, "and another");
    deps.clock.pass(6000);
    return textReply(`to ${messages.at(-1)?.seq}`);
  });
  const conversationId = await conversationWith(deps, "Hello");
  deps.database.state.dispatches.length = 0;
  await answerConversation(deps, conversationId);
  assert.equal(deps.sent.length, 2, "turns begin at 0 s and 6 s, a third would at 12 s");
  assert.deepEqual(turnStates(deps), ["answered", "answered", "pending"]);
  assert.equal(deps.database.calls.filter((call) => call === "dispatchConversation").length, 1);
  assert.equal(deps.database.calls.at(-1), "claimSend", "what is ready is sent all the same");
});

for (const outcome of ["busy", "human_handles", "nothing_pending"] as const) {
  Deno.test(`answerConversation() ends at ${outcome}, after sending what is ready`, async () => {
    const deps = orchestratorDeps();
    deps.database.claimTurn = () => Promise.resolve({ outcome });
    await answerConversation(deps, CONVERSATION_ID);
    assert.deepEqual(deps.database.calls, ["claimSend"]);
    assert.deepEqual(deps.clock.waits, []);
    assert.deepEqual(deps.events, []);
  });
}

Deno.test("answerConversation() counts a lease from before it claimed", async () => {
  const deps = orchestratorDeps();
  const claims = [claimedTurn({ leaseMs: 8000 })];
  deps.database.claimTurn = () => {
    deps.clock.pass(8000);
    return Promise.resolve(claims.shift() ?? { outcome: "nothing_pending" });
  };
  let isAborted = false;
  deps.agent = agentOf(async ({ signal }) => {
    if (!signal.aborted) {
      // What a real clock would do at once: the claim alone took the whole lease.
      const timer = AbortSignal.timeout(1000);
      await Promise.race([signal, timer].map((each) => once(each, "abort")));
    }
    isAborted = signal.aborted;
    return textReply("too late");
  });
  await answerConversation(deps, CONVERSATION_ID);
  assert.equal(isAborted, true);
});
