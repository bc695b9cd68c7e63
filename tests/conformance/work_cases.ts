/** What every `Database` does with the work that a turn took. */
import assert from "node:assert/strict";
import type { TurnWork } from "../../supabase/functions/_shared/database.ts";
import { claimed, type ConformanceCase, ingest } from "./database_under_test.ts";

function workOf(overrides: Partial<TurnWork> = {}): TurnWork {
  return {
    ...{ agent: "openai", failures: [], inputTokens: 0, outputTokens: 0, costMicros: 0 },
    ...{ toolCallCount: 0, summary: null },
    ...overrides,
  };
}

const failure = { errorCode: "model_timeout", errorMessage: "", isFinal: false };

export const workCases: ConformanceCase[] = [
  {
    name: "claimTurn() says when an attempt is the last",
    async run(subject) {
      await subject.configure({ debounceMs: 0, maxFailures: 2 });
      const { conversationId } = await ingest(subject);
      const first = await claimed(subject, conversationId);
      assert.equal(first.isLastAttempt, false);
      await subject.database.failTurn(first.turnId, first.attempt, failure, workOf());
      await subject.passTime(60_000);
      assert.equal((await claimed(subject, conversationId)).isLastAttempt, true);
    },
  },
  {
    name: "claimTurn() gives the addresses of both sides",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId, messageId } = await ingest(subject, {
        ...{ fromAddress: "whatsapp:+15005550199", toAddress: "whatsapp:+15005550100" },
      });
      const turn = await claimed(subject, conversationId);
      assert.equal(turn.provider, "twilio");
      assert.equal(turn.customerAddress, "whatsapp:+15005550199");
      assert.equal(turn.businessAddress, "whatsapp:+15005550100");
      assert.deepEqual(turn.messages.map(({ id }) => id), [messageId]);
    },
  },
  {
    name: "completeTurn() keeps a summary, which stands for what it covers",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      const first = await claimed(subject, conversationId);
      assert.equal(first.summary, null);
      const summary = { text: "They said one.", upToSeq: 1 };
      const work = workOf({ summary });
      await subject.database.completeTurn(first.turnId, first.attempt, { reply: ["two"] }, work);
      await ingest(subject, { bodyText: "three" });
      const second = await claimed(subject, conversationId);
      assert.equal(second.summary, "They said one.");
      assert.deepEqual(second.history.map(({ text }) => text), ["two"]);
    },
  },
  {
    name: "completeTurn() keeps the work of an agent that hands over",
    async run(subject) {
      await subject.configure({ debounceMs: 0, customerTokensPerDay: 10 });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      const first = await claimed(subject, conversationId);
      const end = { reply: ["Somebody comes"], handOverReason: "model_asks" };
      const work = workOf({ inputTokens: 10, summary: { text: "They said one.", upToSeq: 1 } });
      await subject.database.completeTurn(first.turnId, first.attempt, end, work);
      assert.deepEqual(await subject.database.claimTurn(conversationId), {
        outcome: "human_handles",
      });
      await subject.handBack(conversationId);
      const second = await claimed(subject, conversationId);
      assert.deepEqual([second.summary, second.mayUseModel], ["They said one.", false]);
    },
  },
  {
    name: "claimTurn() gives no word of the conversation before once there is a summary",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject, { bodyText: "old" });
      const old = await claimed(subject, conversationId);
      await subject.database.completeTurn(old.turnId, old.attempt, { silentReason: "thanks" });
      await subject.close(conversationId);
      await subject.passTime(1000);
      const next = await ingest(subject, { bodyText: "new" });
      const first = await claimed(subject, next.conversationId);
      assert.deepEqual(first.history.map(({ text }) => text), ["old"]);
      const work = workOf({ summary: { text: "They began anew.", upToSeq: 1 } });
      await subject.database.completeTurn(first.turnId, first.attempt, { reply: ["Yes"] }, work);
      await ingest(subject, { bodyText: "And?" });
      const second = await claimed(subject, next.conversationId);
      assert.deepEqual(second.history.map(({ text }) => text), ["Yes"]);
    },
  },
  {
    name: "failTurn() keeps a summary only when it is newer and of messages that are there",
    async run(subject) {
      await subject.configure({ debounceMs: 0, maxFailures: 9 });
      const { conversationId } = await ingest(subject);
      await ingest(subject);
      for (const [upToSeq, kept] of [[2, "up to 2"], [1, "up to 2"], [3, "up to 2"]] as const) {
        const { turnId, attempt } = await claimed(subject, conversationId);
        const summary = { text: `up to ${upToSeq}`, upToSeq };
        await subject.database.failTurn(turnId, attempt, failure, workOf({ summary }));
        await subject.passTime(300_000);
        const next = await claimed(subject, conversationId);
        assert.equal(next.summary, kept);
        await subject.database.failTurn(next.turnId, next.attempt, failure);
        await subject.passTime(300_000);
      }
    },
  },
  {
    name: "completeTurn() and failTurn() use up the budgets of the customer and of all",
    async run(subject) {
      await subject.configure({
        ...{ debounceMs: 0, maxFailures: 9, customerTokensPerDay: 100, tokensPerDay: 150 },
      });
      const { conversationId } = await ingest(subject);
      const first = await claimed(subject, conversationId);
      assert.equal(first.mayUseModel, true);
      const work = workOf({ inputTokens: 60, outputTokens: 39 });
      await subject.database.failTurn(first.turnId, first.attempt, failure, work);
      await subject.passTime(60_000);
      const second = await claimed(subject, conversationId);
      assert.equal(second.mayUseModel, true);
      const end = { reply: ["Hi"] };
      const little = workOf({ outputTokens: 1 });
      await subject.database.completeTurn(second.turnId, second.attempt, end, little);
      await ingest(subject);
      assert.equal((await claimed(subject, conversationId)).mayUseModel, false);

      const other = await ingest(subject, { fromAddress: "whatsapp:+15005550198" });
      const otherTurn = await claimed(subject, other.conversationId);
      assert.equal(otherTurn.mayUseModel, true);
      const more = workOf({ inputTokens: 50 });
      await subject.database.completeTurn(otherTurn.turnId, otherTurn.attempt, end, more);
      const third = await ingest(subject, { fromAddress: "whatsapp:+15005550197" });
      assert.equal((await claimed(subject, third.conversationId)).mayUseModel, false);
    },
  },
];
