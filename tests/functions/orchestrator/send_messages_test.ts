/** Sending what is ready: in order, each once, and never when the lease may end before it does. */
import assert from "node:assert/strict";
import type { SendClaim, SendOutcome } from "../../../supabase/functions/_shared/database.ts";
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import { SEND_TIMEOUT_MS } from "../../../supabase/functions/_shared/twilio/send_message.ts";
import { sendMessages } from "../../../supabase/functions/orchestrator/send_messages.ts";
import {
  BUSINESS,
  claimedSend,
  CONVERSATION_ID,
  CUSTOMER,
  messageSid,
} from "../../support/factories.ts";
import { type FakeOrchestratorDeps, orchestratorDeps } from "../../support/fakes.ts";
import { conversationWith } from "./waiting_messages.ts";

/** A conversation with these parts ready to be sent. */
async function readyParts(deps: FakeOrchestratorDeps, ...reply: string[]): Promise<string> {
  const conversationId = await conversationWith(deps, "Hello");
  const claim = await deps.database.claimTurn(conversationId);
  assert.ok(claim.outcome === "claimed");
  await deps.database.completeTurn(claim.turnId, claim.attempt, { reply });
  deps.database.calls.length = 0;
  return conversationId;
}

/** What Twilio puts off is left to others. */
async function sendWithoutWaiting(deps: FakeOrchestratorDeps, id: string): Promise<void> {
  await sendMessages(deps, id, deps.now());
}

function states({ database }: FakeOrchestratorDeps): (string | null)[] {
  return database.state.messages.slice(1).map(({ sendState }) => sendState);
}

Deno.test("sendMessages() sends all parts in order and records each before the next", async () => {
  const deps = orchestratorDeps();
  await sendWithoutWaiting(deps, await readyParts(deps, "one", "two", "three"));
  assert.deepEqual(deps.sent, ["one", "two", "three"]);
  assert.deepEqual(states(deps), ["handed_over", "handed_over", "handed_over"]);
  const each = ["claimSend", "recordSend"];
  assert.deepEqual(deps.database.calls, [...each, ...each, ...each, "claimSend"]);
});

Deno.test("sendMessages() hands on id, addresses and text as they were claimed", async () => {
  const [deps, given] = [orchestratorDeps(), [] as unknown[]];
  const { send } = deps;
  deps.send = (message) => {
    const { messageId, fromAddress, toAddress, bodyText } = message;
    given.push([messageId, fromAddress, toAddress, bodyText]);
    return send(message);
  };
  await sendWithoutWaiting(deps, await readyParts(deps, "one"));
  const messageId = deps.database.state.messages.at(-1)?.id;
  assert.deepEqual(given, [[messageId, BUSINESS, CUSTOMER, "one"]]);
});

Deno.test("sendMessages() reports what was sent, by its ids", async () => {
  const [deps, sid] = [orchestratorDeps(), messageSid()];
  deps.send = () => {
    deps.clock.pass(80);
    const end = { outcome: "handed_over" as const, deliveryStatus: "queued" };
    return Promise.resolve({ ...end, providerMessageId: sid });
  };
  await sendWithoutWaiting(deps, await readyParts(deps, "one"));
  const messageId = deps.database.state.messages.at(-1)?.id;
  assert.deepEqual(deps.events, [
    { event: "reply.sent", messageId, messageSid: sid, attempt: 1, ms: 80 },
  ]);
});

const failures: [SendOutcome["outcome"], string[]][] = [
  // What Twilio refused for good does not hold up what comes after it; all else does.
  ["refused", ["refused", "refused"]],
  ["postponed", ["ready", "ready"]],
  ["uncertain", ["uncertain", "ready"]],
];

for (const [outcome, after] of failures) {
  Deno.test(`sendMessages() records ${outcome} and leaves the parts ${after}`, async () => {
    const deps = orchestratorDeps();
    const end = { outcome, errorCode: "30001", errorMessage: "Twilio's words" } as SendOutcome;
    deps.send = () => Promise.resolve(end);
    await sendWithoutWaiting(deps, await readyParts(deps, "one", "two"));
    assert.deepEqual(states(deps), after);
    const [first] = deps.events;
    const messageId = deps.database.state.messages[1]?.id;
    assert.deepEqual(first, {
      ...{ event: "reply.not_sent", messageId, outcome, attempt: 1, code: "30001" },
    });
  });
}

Deno.test("sendMessages() does not start a POST that the lease may not outlast", async () => {
  for (
    const [leaseMs, claimMs, isSent] of [
      [SEND_TIMEOUT_MS, 0, false],
      [SEND_TIMEOUT_MS + 1, 0, true],
      [SEND_TIMEOUT_MS + 100, 100, false],
      [SEND_TIMEOUT_MS + 101, 100, true],
    ] as const
  ) {
    const deps = orchestratorDeps();
    const claims: SendClaim[] = [claimedSend({ leaseMs })];
    deps.database.claimSend = () => {
      deps.clock.pass(claimMs);
      return Promise.resolve(claims.shift() ?? { outcome: "nothing_ready" });
    };
    await sendWithoutWaiting(deps, CONVERSATION_ID);
    assert.equal(deps.sent.length, isSent ? 1 : 0, `${leaseMs} ms, of which ${claimMs} are gone`);
  }
});

for (const outcome of ["nothing_ready", "busy", "uncertain", "not_due"] as const) {
  Deno.test(`sendMessages() ends at ${outcome}`, async () => {
    const deps = orchestratorDeps();
    let claims = 0;
    deps.database.claimSend = () => {
      claims++;
      return Promise.resolve({ outcome, dueInMs: 1 } as SendClaim);
    };
    await sendWithoutWaiting(deps, CONVERSATION_ID);
    assert.equal(claims, 1);
    assert.deepEqual(deps.sent, []);
  });
}

Deno.test("sendMessages() sends nothing again when its recording fails", async () => {
  const deps = orchestratorDeps();
  const conversationId = await readyParts(deps, "one", "two");
  deps.database.recordSend = () => Promise.reject(new DatabaseError("record_send", "57014", 500));
  await assert.rejects(sendWithoutWaiting(deps, conversationId), { code: "57014" });
  assert.deepEqual(deps.sent, ["one"]);
  await sendWithoutWaiting(deps, conversationId);
  assert.deepEqual(deps.sent, ["one"], "it is being sent, for all that anybody knows");
});
