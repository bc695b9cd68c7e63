/** What every `Database` does when turns are claimed, completed and dispatched. */
import assert from "node:assert/strict";
import {
  answeredWith,
  assertAbout,
  claimed,
  claimedSend,
  type ConformanceCase,
  ingest,
} from "./database_under_test.ts";

const UNKNOWN_ID = "00000000-0000-4000-8000-000000000000";

export const turnCases: ConformanceCase[] = [
  {
    name: "claimTurn() answers not_due until the burst is over, and then gives all of it",
    async run(subject) {
      await subject.configure({ debounceMs: 9000, debounceMaxMs: 60_000, leaseSeconds: 50 });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      await subject.passTime(6000);
      await ingest(subject, { bodyText: "two" });
      await subject.passTime(6000);
      const early = await subject.database.claimTurn(conversationId);
      assert.equal(early.outcome, "not_due");
      assertAbout("dueInMs" in early ? early.dueInMs : NaN, 3000, 1500);

      await subject.passTime(6000);
      const turn = await claimed(subject, conversationId);
      assert.deepEqual(turn.messages.map(({ seq, text }) => [seq, text]), [[1, "one"], [2, "two"]]);
      assert.equal(turn.attempt, 1);
      assertAbout(turn.leaseMs, 50_000, 2000);
    },
  },
  {
    name: "claimTurn() waits no longer than the longest debounce",
    async run(subject) {
      await subject.configure({ debounceMs: 9000, debounceMaxMs: 10_000 });
      const { conversationId } = await ingest(subject);
      await subject.passTime(8000);
      await ingest(subject);
      await subject.passTime(2100);
      await claimed(subject, conversationId);
    },
  },
  {
    name: "claimTurn() answers busy while the lease holds, and nothing_pending when all is done",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      assert.deepEqual(await database.claimTurn(conversationId), { outcome: "busy" });
      await database.completeTurn(turnId, attempt, { silentReason: "spam" });
      assert.deepEqual(await database.claimTurn(conversationId), { outcome: "nothing_pending" });
      assert.deepEqual(await database.claimTurn(UNKNOWN_ID), { outcome: "nothing_pending" });
    },
  },
  {
    name: "claimTurn() gives one of simultaneous callers the turn",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const claims = await Promise.all(
        Array.from({ length: 5 }, () => subject.database.claimTurn(conversationId)),
      );
      assert.deepEqual(claims.map(({ outcome }) => outcome).sort(), [
        ...["busy", "busy", "busy", "busy", "claimed"],
      ]);
    },
  },
  {
    name: "claimTurn() answers human_handles while a person handles the conversation",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      await subject.setHandler(conversationId, "human");
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "human_handles" });
    },
  },
  {
    name: "claimTurn() gives earlier messages as history, not what came since nor the turn's own",
    async run(subject) {
      await subject.configure({ historyMessages: 3 });
      const { conversationId } = await answeredWith(subject, ["first", "second"]);
      await ingest(subject, { bodyText: "and" });
      await ingest(subject, { bodyText: "now?" });
      const turn = await claimed(subject, conversationId);
      await ingest(subject, { bodyText: "later" });
      assert.deepEqual(turn.messages.map(({ text }) => text), ["and", "now?"]);
      assert.deepEqual(turn.history.map(({ text }) => text), ["Hello", "first", "second"]);

      await subject.configure({ historyMessages: 1, backoffBaseMs: 1 });
      const failure = { errorCode: "x", errorMessage: "", isFinal: false };
      await subject.database.failTurn(turn.turnId, turn.attempt, failure);
      await subject.passTime(100);
      const again = await claimed(subject, conversationId);
      assert.deepEqual(again.messages.map(({ text }) => text), ["and", "now?"]);
      assert.deepEqual(again.history.map(({ text }) => text), ["second"]);
    },
  },
  {
    name: "claimTurn() leaves out of the history what Twilio refused",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const refused = { outcome: "refused" as const, errorCode: "21211", errorMessage: "" };
      await subject.database.recordSend(messageId, attempt, refused);
      await ingest(subject, { bodyText: "and?" });
      const { history } = await claimed(subject, conversationId);
      assert.deepEqual(history.map(({ text }) => text), ["Hello", "two"]);
    },
  },
  {
    name: "completeTurn() repeated gives back what it stored",
    async run(subject) {
      const { conversationId, turnId, messageIds } = await answeredWith(subject, ["one", "two"]);
      const again = await subject.database.completeTurn(turnId, 1, { reply: ["other"] });
      assert.deepEqual(again, { outcome: "answered", messageIds });
      const { messages } = await subject.read(conversationId);
      assert.deepEqual(messages.map(({ seq, text, sendState }) => [seq, text, sendState]), [
        [1, "Hello", null],
        [2, "one", "ready"],
        [3, "two", "ready"],
      ]);
    },
  },
  {
    name: "completeTurn() refuses an empty reply and knows nothing of strangers",
    async run({ database }) {
      const empty = database.completeTurn(UNKNOWN_ID, 1, { reply: [] });
      await assert.rejects(empty, { code: "SB003" });
      const stranger = await database.completeTurn(UNKNOWN_ID, 1, { reply: ["x"] });
      assert.deepEqual(stranger, { outcome: "lease_lost" });
    },
  },
  {
    name: "completeTurn() refuses a reply with an empty part, and the turn goes on",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      for (const blank of ["", " \n\t\r"]) {
        const completing = subject.database.completeTurn(turnId, attempt, { reply: ["x", blank] });
        await assert.rejects(completing, { code: "SB003", status: 400 });
      }
      const done = await subject.database.completeTurn(turnId, attempt, { reply: ["x"] });
      assert.equal(done.outcome, "answered");
    },
  },
  {
    name: "dispatchConversation() rings for a message that waits to be sent",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      await subject.setDispatch(true);
      const rung = await subject.database.dispatchConversation(conversationId);
      assert.deepEqual(rung, { outcome: "dispatched" });
      assert.equal((await subject.read(conversationId)).rings, 1);
    },
  },
  {
    name: "dispatchConversation() rings where a turn waits, and says when it cannot",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      assert.deepEqual(await database.dispatchConversation(conversationId), { outcome: "failed" });
      await subject.setDispatch(true);
      const rung = await database.dispatchConversation(conversationId);
      assert.deepEqual(rung, { outcome: "dispatched" });
      const { turnId, attempt } = await claimed(subject, conversationId);
      await database.completeTurn(turnId, attempt, { silentReason: "spam" });
      const done = await database.dispatchConversation(conversationId);
      assert.deepEqual(done, { outcome: "nothing_pending" });
    },
  },
];
