/** What every `Database` does when an agent fails, and when its lease ends before it does. */
import assert from "node:assert/strict";
import { assertAbout, claimed, type ConformanceCase, ingest } from "./database_under_test.ts";

const FAILURE = { errorCode: "model_timeout", errorMessage: "too slow", isFinal: false };
const LATER_MS = 61_000;

export const failureCases: ConformanceCase[] = [
  {
    name: "failTurn() makes the turn wait, twice as long after each failure",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0, backoffBaseMs: 10_000, backoffMaxMs: 35_000 });
      const { conversationId } = await ingest(subject);
      for (const expectedMs of [10_000, 20_000, 35_000]) {
        const { turnId, attempt } = await claimed(subject, conversationId);
        const failed = await database.failTurn(turnId, attempt, FAILURE);
        assert.equal(failed.outcome, "retrying");
        assertAbout("dueInMs" in failed ? failed.dueInMs : NaN, expectedMs);
        assert.equal((await database.claimTurn(conversationId)).outcome, "not_due");
        await subject.passTime(LATER_MS);
      }
      assert.equal((await claimed(subject, conversationId)).attempt, 4);
    },
  },
  {
    name: "failTurn() ends the turn with the fallback text when its failures are used up",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0, maxFailures: 2, fallbackText: "Sorry." });
      const { conversationId } = await ingest(subject);
      const first = await claimed(subject, conversationId);
      await database.failTurn(first.turnId, first.attempt, FAILURE);
      await subject.passTime(LATER_MS);
      const { turnId, attempt } = await claimed(subject, conversationId);
      assert.deepEqual(await database.failTurn(turnId, attempt, FAILURE), { outcome: "dead" });

      const { messages, turns } = await subject.read(conversationId);
      assert.deepEqual(turns.map(({ state, failureCount }) => [state, failureCount]), [[
        "dead",
        2,
      ]]);
      assert.deepEqual(messages.map(({ text, kind, sendState }) => [text, kind, sendState]), [
        ["Hello", "text", null],
        ["Sorry.", "fallback", "ready"],
      ]);
      assert.deepEqual(await database.failTurn(turnId, attempt, FAILURE), {
        outcome: "lease_lost",
      });
      assert.deepEqual(await database.claimTurn(conversationId), { outcome: "nothing_pending" });
    },
  },
  {
    name: "failTurn() ends the turn at once when the failure is final",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      const failed = await subject.database.failTurn(turnId, attempt, {
        ...FAILURE,
        isFinal: true,
      });
      assert.deepEqual(failed, { outcome: "dead" });
    },
  },
  {
    name: "failTurn() says already_answered after completeTurn()",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await database.completeTurn(turnId, attempt, { silentReason: "spam" });
      const failed = await database.failTurn(turnId, attempt, FAILURE);
      assert.deepEqual(failed, { outcome: "already_answered" });
    },
  },
  {
    name: "claimTurn() counts an ended lease as a failure, and its holder has lost the turn",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0, backoffBaseMs: 10_000 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await subject.passTime(LATER_MS);
      assert.equal((await database.claimTurn(conversationId)).outcome, "not_due");
      const late = await database.completeTurn(turnId, attempt, { reply: ["zombie"] });
      assert.deepEqual(late, { outcome: "lease_lost" });

      await subject.passTime(LATER_MS);
      const again = await claimed(subject, conversationId);
      assert.deepEqual([again.turnId, again.attempt], [turnId, 2]);
      const zombie = await database.completeTurn(turnId, attempt, { reply: ["zombie"] });
      assert.deepEqual(zombie, { outcome: "lease_lost" });
      const failed = await database.failTurn(turnId, attempt, FAILURE);
      assert.deepEqual(failed, { outcome: "lease_lost" });
      assert.equal((await subject.read(conversationId)).messages.length, 1);
    },
  },
  {
    name: "claimTurn() goes on with the pending turn when an ended lease was the last failure",
    async run(subject) {
      await subject.configure({ debounceMs: 0, maxFailures: 1, handOverDeadTurns: false });
      const { conversationId } = await ingest(subject);
      await claimed(subject, conversationId);
      await ingest(subject, { bodyText: "still there?" });
      await subject.passTime(LATER_MS);
      const next = await claimed(subject, conversationId);
      assert.deepEqual(next.messages.map(({ text }) => text), ["still there?"]);
      const { turns } = await subject.read(conversationId);
      assert.deepEqual(turns.map(({ state }) => state), ["dead", "running"]);
    },
  },
  {
    name: "completeTurn() is accepted after the lease when nobody has claimed since",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await subject.passTime(LATER_MS);
      const late = await subject.database.completeTurn(turnId, attempt, { reply: ["late"] });
      assert.equal(late.outcome, "answered");
    },
  },
];
