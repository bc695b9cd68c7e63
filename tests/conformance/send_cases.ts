/** What every `Database` does when outbound messages are claimed and their sending is recorded. */
import assert from "node:assert/strict";
import { messageSid } from "../support/factories.ts";
import { BUSINESS, CUSTOMER } from "../support/factories.ts";
import {
  answeredWith,
  assertAbout,
  claimedSend,
  type ConformanceCase,
  handedOver,
  ingest,
} from "./database_under_test.ts";

const failed = (outcome: "refused" | "postponed" | "uncertain") => ({
  outcome,
  errorCode: "63016",
  errorMessage: "window closed",
});
const LATER_MS = 61_000;

export const sendCases: ConformanceCase[] = [
  {
    name:
      "claimSend() hands out the parts of a reply in order, each when the one before is settled",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ sendLeaseSeconds: 40 });
      const { conversationId, messageIds } = await answeredWith(subject, ["one", "two"]);
      const first = await claimedSend(subject, conversationId);
      const { fromAddress, toAddress, bodyText, messageId, attempt, leaseMs } = first;
      assert.deepEqual([fromAddress, toAddress, bodyText], [BUSINESS, CUSTOMER, "one"]);
      assert.deepEqual([messageId, attempt], [messageIds[0], 1]);
      assertAbout(leaseMs, 40_000, 2000);
      assert.deepEqual(await database.claimSend(conversationId), { outcome: "busy" });

      await database.recordSend(messageId, attempt, handedOver());
      const second = await claimedSend(subject, conversationId);
      assert.equal(second.bodyText, "two");
      await database.recordSend(second.messageId, second.attempt, handedOver());
      assert.deepEqual(await database.claimSend(conversationId), { outcome: "nothing_ready" });
    },
  },
  {
    name: "claimSend() leaves a message whose lease ended uncertain, and nothing passes it",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      await claimedSend(subject, conversationId);
      await subject.passTime(LATER_MS);
      const claim = await subject.database.claimSend(conversationId);
      assert.deepEqual(claim, { outcome: "uncertain" });
      const { messages } = await subject.read(conversationId);
      assert.deepEqual(messages.map(({ sendState }) => sendState), [null, "uncertain", "ready"]);
      assert.equal(messages[1]?.errorCode, "lease_expired");
    },
  },
  {
    name: "claimSend() refuses what is left when the customer has opted out",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      await subject.optOut(conversationId);
      const claim = await subject.database.claimSend(conversationId);
      assert.deepEqual(claim, { outcome: "nothing_ready" });
      const { messages } = await subject.read(conversationId);
      assert.deepEqual(messages.map(({ sendState, errorCode }) => [sendState, errorCode]), [
        [null, null],
        ["refused", "opted_out"],
        ["refused", "opted_out"],
      ]);
    },
  },
  {
    name: "claimSend() refuses what is left a day after the customer's last message",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      await subject.passTime(24 * 3600_000 + 1000);
      const claim = await subject.database.claimSend(conversationId);
      assert.deepEqual(claim, { outcome: "nothing_ready" });
      const { messages } = await subject.read(conversationId);
      assert.equal(messages[1]?.errorCode, "outside_window");
    },
  },
  {
    name: "recordSend() accepts a MessageSid whatever the attempt, once",
    async run(subject) {
      const { database } = subject;
      const { conversationId } = await answeredWith(subject, ["one"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      await database.recordSend(messageId, attempt, failed("uncertain"));
      const end = handedOver();
      assert.deepEqual(await database.recordSend(messageId, 99, end), { outcome: "recorded" });
      const again = await database.recordSend(messageId, attempt, end);
      assert.deepEqual(again, { outcome: "already_recorded" });
      const other = await database.recordSend(messageId, attempt, handedOver());
      assert.deepEqual(other, { outcome: "doubled" }, "Twilio names a second id for it");
    },
  },
  {
    name: "recordSend() refuses a MessageSid that another message has",
    async run(subject) {
      const providerMessageId = messageSid();
      const { conversationId } = await answeredWith(subject, ["one"]);
      await ingest(subject, { providerMessageId });
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const recording = subject.database.recordSend(
        messageId,
        attempt,
        handedOver(providerMessageId),
      );
      await assert.rejects(recording, { code: "23505", status: 409 });
    },
  },
  {
    name: "recordSend() counts failures of the newest attempt alone",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ backoffBaseMs: 10_000 });
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      const first = await claimedSend(subject, conversationId);
      await database.recordSend(first.messageId, first.attempt, failed("postponed"));
      const early = await database.claimSend(conversationId);
      assert.equal(early.outcome, "not_due");
      assertAbout("dueInMs" in early ? early.dueInMs : NaN, 10_000);

      await subject.passTime(LATER_MS);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      assert.deepEqual([messageId, attempt], [first.messageId, 2]);
      const stale = await database.recordSend(messageId, first.attempt, failed("refused"));
      assert.deepEqual(stale, { outcome: "lease_lost" });
      const refused = await database.recordSend(messageId, attempt, failed("refused"));
      assert.deepEqual(refused, { outcome: "recorded" });
      assert.equal((await claimedSend(subject, conversationId)).bodyText, "two");
    },
  },
  {
    name: "recordSend() refuses a message that Twilio has put off often enough",
    async run(subject) {
      const { database } = subject;
      await subject.configure({ backoffBaseMs: 1000, maxSendAttempts: 2 });
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      for (const state of ["ready", "refused"]) {
        const { messageId, attempt, bodyText } = await claimedSend(subject, conversationId);
        assert.equal(bodyText, "one");
        const recorded = await database.recordSend(messageId, attempt, failed("postponed"));
        assert.deepEqual(recorded, { outcome: "recorded" });
        const { messages } = await subject.read(conversationId);
        assert.deepEqual([messages[1]?.sendState, messages[1]?.errorCode], [state, "63016"]);
        await subject.passTime(LATER_MS);
      }
      assert.equal((await claimedSend(subject, conversationId)).bodyText, "two");
    },
  },
];
