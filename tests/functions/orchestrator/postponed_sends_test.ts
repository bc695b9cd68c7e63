/** What Twilio puts off: waited for when it is due soon, and otherwise left to the sweep. */
import assert from "node:assert/strict";
import type { SendOutcome } from "../../../supabase/functions/_shared/database.ts";
import { answerConversation } from "../../../supabase/functions/orchestrator/answer_conversation.ts";
import { sendMessages } from "../../../supabase/functions/orchestrator/send_messages.ts";
import { CONVERSATION_ID } from "../../support/factories.ts";
import { type FakeOrchestratorDeps, orchestratorDeps } from "../../support/fakes.ts";
import { conversationWith, receive, turnStates } from "./waiting_messages.ts";

const POSTPONED: SendOutcome = { outcome: "postponed", errorCode: "20429", errorMessage: "" };

/** Lets Twilio put off so many sends before it takes them. */
function postponing(deps: FakeOrchestratorDeps, times: number): FakeOrchestratorDeps {
  const { send } = deps;
  let left = times;
  deps.send = async (message) => left-- > 0 ? POSTPONED : await send(message);
  return deps;
}

const attempts = ({ events }: FakeOrchestratorDeps) =>
  events.flatMap((event) => event.event.startsWith("reply.") ? [event.event] : []);

Deno.test("answerConversation() waits for what Twilio put off, as long as it is due within 10 s", async () => {
  const deps = postponing(orchestratorDeps(), 2);
  await answerConversation(deps, await conversationWith(deps, "Hello"));
  assert.deepEqual(deps.clock.waits, [2000, 4000]);
  assert.deepEqual(attempts(deps), ["reply.not_sent", "reply.not_sent", "reply.sent"]);
  assert.deepEqual(deps.sent, ["Good morning!"]);
});

Deno.test("answerConversation() leaves to the sweep what is due later than 10 s after it began", async () => {
  const deps = postponing(orchestratorDeps(), 1000);
  const conversationId = await conversationWith(deps, "Hello");
  const startedAt = deps.clock.now();
  await answerConversation(deps, conversationId);
  assert.deepEqual(deps.clock.waits, [2000, 4000], "the third wait would end after 14 s");
  assert.ok(deps.clock.now() - startedAt < 10_000);
  assert.equal(deps.database.state.messages.at(-1)?.sendState, "ready");
});

Deno.test("answerConversation() keeps the order while a part is put off", async () => {
  const deps = postponing(orchestratorDeps(), 1);
  const conversationId = await conversationWith(deps, "Hello");
  const turn = await deps.database.claimTurn(conversationId);
  assert.ok(turn.outcome === "claimed");
  await deps.database.completeTurn(turn.turnId, turn.attempt, { reply: ["one", "two", "three"] });
  await answerConversation(deps, conversationId);
  assert.deepEqual(deps.sent, ["one", "two", "three"]);
});

Deno.test("answerConversation() answers what arrives while a send is put off", async () => {
  const deps = postponing(orchestratorDeps(), 1);
  const conversationId = await conversationWith(deps, "Hello");
  const { wait } = deps;
  let isArrived = false;
  deps.wait = async (ms) => {
    if (!isArrived) {
      isArrived = true;
      await receive(deps, "and another");
    }
    await wait(ms);
  };
  await answerConversation(deps, conversationId);
  assert.equal(deps.sent.length, 2);
  assert.deepEqual(turnStates(deps), ["answered", "answered"]);
});

for (const [dueInMs, isWaitedFor] of [[4999, true], [5000, false], [60_000, false]] as const) {
  Deno.test(`sendMessages() ${isWaitedFor ? "waits" : "does not wait"} ${dueInMs} ms with 5 s left`, async () => {
    const deps = orchestratorDeps();
    const claims = [{ outcome: "not_due" as const, dueInMs }];
    deps.database.claimSend = () => Promise.resolve(claims.shift() ?? { outcome: "nothing_ready" });
    await sendMessages(deps, CONVERSATION_ID, deps.now() + 5000);
    assert.deepEqual(deps.clock.waits, isWaitedFor ? [dueInMs] : []);
  });
}

Deno.test("sendMessages() ends, even where something is always due at once", async () => {
  const deps = orchestratorDeps();
  let claims = 0;
  deps.database.claimSend = () => {
    claims++;
    return Promise.resolve({ outcome: "not_due", dueInMs: 0 });
  };
  await sendMessages(deps, CONVERSATION_ID, deps.now() + 5000);
  assert.ok(claims <= 100, `${claims} claims`);
});
