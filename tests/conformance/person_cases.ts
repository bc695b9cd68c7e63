/** What every `Database` does when a person takes over, answers and hands back, and when it is closed. */
import assert from "node:assert/strict";
import {
  answeredWith,
  claimed,
  claimedSend,
  type ConformanceCase,
  type DatabaseUnderTest,
  handedOver,
  ingest,
} from "./database_under_test.ts";

const REPLY_ID = "00000000-0000-4000-8000-000000000001";
const TAKE_OVER = "A colleague will answer you here.";

async function texts(subject: DatabaseUnderTest, conversationId: string): Promise<unknown[]> {
  const { messages } = await subject.read(conversationId);
  return messages.map(({ kind, text, sendState }) => [kind, text, sendState]);
}

async function states(subject: DatabaseUnderTest, conversationId: string): Promise<string[]> {
  return (await subject.read(conversationId)).turns.map(({ state }) => state).sort();
}

/** Whatever is ready leaves. */
async function sendAll(subject: DatabaseUnderTest, conversationId: string): Promise<void> {
  for (;;) {
    const claim = await subject.database.claimSend(conversationId);
    if (claim.outcome !== "claimed") return;
    await subject.database.recordSend(claim.messageId, claim.attempt, handedOver());
  }
}

export const personCases: ConformanceCase[] = [
  {
    name: "completeTurn() hands over with the agent's words, and the messages wait for a person",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      const end = { reply: ["A colleague comes"], handOverReason: "asked" };
      const completion = await subject.database.completeTurn(turnId, attempt, end);
      assert.equal(completion.outcome, "silent");
      assert.deepEqual(
        await subject.database.completeTurn(turnId, attempt, { reply: ["again"] }),
        completion,
      );
      assert.deepEqual(await texts(subject, conversationId), [
        ["text", "Hello", null],
        ["hand_over", "A colleague comes", "ready"],
      ]);
      assert.deepEqual(await states(subject, conversationId), ["pending", "silent"]);
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "human_handles" });
      assert.equal((await claimedSend(subject, conversationId)).bodyText, "A colleague comes");
    },
  },
  {
    name: "completeTurn() hands over without words of the agent: the setting's text, or none",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const first = await ingest(subject);
      const turn = await claimed(subject, first.conversationId);
      const end = { reply: [], handOverReason: "asked" };
      await subject.database.completeTurn(turn.turnId, turn.attempt, end);
      assert.deepEqual((await texts(subject, first.conversationId))[1], [
        ...["hand_over", TAKE_OVER, "ready"],
      ]);

      await subject.configure({ handOverText: null });
      const other = await ingest(subject, { fromAddress: "whatsapp:+15005550777" });
      const quiet = await claimed(subject, other.conversationId);
      await subject.database.completeTurn(quiet.turnId, quiet.attempt, end);
      assert.equal((await texts(subject, other.conversationId)).length, 1);
    },
  },
  {
    name: "hand_over takes back the reply that nobody has begun to send",
    async run(subject) {
      const { conversationId, turnId } = await answeredWith(subject, ["one", "two"]);
      assert.equal(await subject.handOver(conversationId), "handed_over");
      assert.equal(await subject.handOver(conversationId), "already_handed_over");
      assert.deepEqual(await texts(subject, conversationId), [
        ["text", "Hello", null],
        ["reply", "one", "refused"],
        ["reply", "two", "refused"],
        ["hand_over", TAKE_OVER, "ready"],
      ]);
      const { messages, turns } = await subject.read(conversationId);
      assert.equal(turns.find(({ id }) => id === turnId)?.state, "silent");
      const waiting = turns.find(({ state }) => state === "pending");
      assert.equal(messages[0]?.turnId, waiting?.id);
    },
  },
  {
    name: "hand_over lets a reply leave whole of which a part was ever claimed",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const later = { outcome: "postponed" as const, errorCode: "20429", errorMessage: "" };
      await subject.database.recordSend(messageId, attempt, later);
      await subject.handOver(conversationId);
      assert.deepEqual((await texts(subject, conversationId)).slice(1), [
        ["reply", "one", "ready"],
        ["reply", "two", "ready"],
        ["hand_over", TAKE_OVER, "ready"],
      ]);
      assert.deepEqual(await states(subject, conversationId), ["answered"]);
    },
  },
  {
    name: "hand_over leaves an agent that is still at work without a word",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await subject.handOver(conversationId);
      const late = await subject.database.completeTurn(turnId, attempt, { reply: ["late"] });
      assert.deepEqual(late, { outcome: "silent", messageIds: [] });
      const failure = { errorCode: "x", errorMessage: "", isFinal: true };
      const failed = await subject.database.failTurn(turnId, attempt, failure);
      assert.deepEqual(failed, { outcome: "already_answered" });
      assert.deepEqual(await states(subject, conversationId), ["pending", "silent"]);
    },
  },
  {
    name: "a dying turn hands over, also one whose lease has ended",
    async run(subject) {
      await subject.configure({ debounceMs: 0, maxFailures: 1 });
      const { conversationId } = await ingest(subject);
      await claimed(subject, conversationId);
      await ingest(subject, { bodyText: "And?" });
      await subject.passTime(61_000);
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "human_handles" });
      assert.deepEqual(await states(subject, conversationId), ["dead", "pending"]);
      const kinds = (await subject.read(conversationId)).messages.map(({ kind }) => kind);
      assert.deepEqual(kinds, ["text", "text", "fallback"]);
    },
  },
  {
    name: "send_reply answers what the person had seen, once, and later messages go on waiting",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      await subject.handOver(conversationId);
      await ingest(subject, { bodyText: "two" });
      const reply = { id: REPLY_ID, upToSeq: 1, parts: ["Yes.", "And more."] };
      assert.equal(await subject.sendReply(conversationId, reply), "stored");
      assert.equal(await subject.sendReply(conversationId, reply), "already_stored");

      assert.deepEqual((await texts(subject, conversationId)).slice(3), [
        ["human", "Yes.", "ready"],
        ["human", "And more.", "ready"],
      ]);
      assert.deepEqual(await states(subject, conversationId), ["answered", "pending"]);
      assert.equal(await subject.handBack(conversationId), "handed_back");
      assert.equal(await subject.handBack(conversationId), "already_handed_back");
      const { messages } = await claimed(subject, conversationId);
      assert.deepEqual(messages.map(({ text }) => text), ["two"]);
    },
  },
  {
    name: "send_reply takes over from an agent at work, and answers a dead turn",
    async run(subject) {
      await subject.configure({ debounceMs: 0, handOverDeadTurns: false });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      const dying = await claimed(subject, conversationId);
      const failure = { errorCode: "x", errorMessage: "", isFinal: true };
      await subject.database.failTurn(dying.turnId, dying.attempt, failure);
      await ingest(subject, { bodyText: "two" });
      const { turnId, attempt } = await claimed(subject, conversationId);

      const reply = { id: REPLY_ID, upToSeq: 9, parts: ["I am on it."] };
      assert.equal(await subject.sendReply(conversationId, reply), "stored");
      const late = await subject.database.completeTurn(turnId, attempt, { reply: ["late"] });
      assert.deepEqual(late, { outcome: "silent", messageIds: [] });
      assert.deepEqual(await states(subject, conversationId), ["answered", "answered", "silent"]);
      await ingest(subject, { bodyText: "three" });
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "human_handles" });
    },
  },
  {
    name: "send_reply says when nothing may be sent, and then answers nobody",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      await subject.handOver(conversationId);
      await subject.passTime(24 * 3_600_000 + 60_000);
      const reply = { id: REPLY_ID, upToSeq: 1, parts: ["Late"] };
      assert.equal(await subject.sendReply(conversationId, reply), "refused");
      assert.deepEqual(await states(subject, conversationId), ["pending"]);
      await ingest(subject);
      assert.equal(await subject.sendReply(conversationId, reply), "stored");
    },
  },
  {
    name: "close_conversation refuses while something is open; then the next message opens another",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      assert.equal(await subject.close(conversationId), "still_open");
      await sendAll(subject, conversationId);
      await subject.handOver(conversationId);
      await sendAll(subject, conversationId);
      assert.equal(await subject.close(conversationId), "closed");
      assert.equal(await subject.close(conversationId), "already_closed");

      await subject.passTime(1000);
      await subject.configure({ historyMessages: 3 });
      const next = await ingest(subject, { bodyText: "Me again" });
      assert.notEqual(next.conversationId, conversationId);
      const { history, messages } = await claimed(subject, next.conversationId);
      assert.deepEqual(messages.map(({ text }) => text), ["Me again"]);
      assert.deepEqual(history.map(({ text, previous }) => [text, previous]), [
        ["Hello", true],
        ["one", true],
        [TAKE_OVER, true],
      ]);
    },
  },
  {
    name: "claimTurn() fills the history with the last conversation only where there is room",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["old"]);
      await sendAll(subject, conversationId);
      await subject.close(conversationId);
      await subject.passTime(1000);
      const { conversationId: nextId } = await answeredWith(subject, ["new"]);
      await ingest(subject, { bodyText: "And?" });
      await subject.configure({ historyMessages: 3, turnsPerMinute: 100 });
      const { history } = await claimed(subject, nextId);
      assert.deepEqual(history.map(({ text, previous }) => [text, previous]), [
        ["old", true],
        ["Hello", undefined],
        ["new", undefined],
      ]);
    },
  },
  {
    name: "claimTurn() gives the summary of the last conversation, and its words after that",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject, { bodyText: "one" });
      const { turnId, attempt } = await claimed(subject, conversationId);
      const work = {
        ...{ agent: "openai", failures: [], inputTokens: 1, outputTokens: 1, costMicros: 0 },
        ...{ toolCallCount: 0, summary: { text: "They said one.", upToSeq: 1 } },
      };
      await subject.database.completeTurn(turnId, attempt, { reply: ["two"] }, work);
      await sendAll(subject, conversationId);
      await subject.close(conversationId);
      await subject.passTime(1000);
      const { conversationId: nextId } = await ingest(subject, { bodyText: "three" });
      const { history, summary } = await claimed(subject, nextId);
      assert.equal(summary, null, "which is not this one's");
      assert.deepEqual(history.map(({ seq, text, previous }) => [seq, text, previous]), [
        [1, "[Summary of it: They said one.]", true],
        [2, "two", true],
      ]);
    },
  },
];
