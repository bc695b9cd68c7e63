/** What every `Database` does with Twilio's reports, and with sends of which nobody knows enough. */
import assert from "node:assert/strict";
import type { ListedMessage, UncertainSend } from "../../supabase/functions/_shared/database.ts";
import { CUSTOMER, messageSid } from "../support/factories.ts";
import {
  answeredWith,
  assertAbout,
  claimedSend,
  type ConformanceCase,
  type DatabaseUnderTest,
  deliveryReport,
  doubtedSend,
  handedOver,
  ingest,
} from "./database_under_test.ts";

/** With these, a first reading may count 60 s after the claim, a second one 30 s later. */
const TIMES = { sendLeaseSeconds: 30, settleGraceSeconds: 30 };

export const settleCases: ConformanceCase[] = [
  {
    name: "recordDeliveryStatus() lets a status only rise",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const sid = messageSid();
      await subject.database.recordSend(messageId, attempt, handedOver(sid));
      const told: [status: string, outcome: string, stored: string][] = [
        ["accepted", "no_news", "queued"],
        ["sent", "recorded", "sent"],
        ["queued", "no_news", "sent"],
        ["sent", "no_news", "sent"],
        ["failed", "recorded", "failed"],
        ["undelivered", "no_news", "failed"],
        ["a_new-word", "no_news", "failed"],
        ["read", "recorded", "read"],
        ["delivered", "no_news", "read"],
      ];
      for (const [status, outcome, stored] of told) {
        const report = deliveryReport(sid, { deliveryStatus: status });
        assert.deepEqual(await subject.database.recordDeliveryStatus(report), { outcome }, status);
        const { messages } = await subject.read(conversationId);
        assert.equal(messages[1]?.deliveryStatus, stored);
      }
    },
  },
  {
    name: "recordDeliveryStatus() keeps the error code of what failed",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const sid = messageSid();
      await subject.database.recordSend(messageId, attempt, handedOver(sid));
      const failed = { deliveryStatus: "undelivered", errorCode: "63024", errorMessage: "no" };
      await subject.database.recordDeliveryStatus(deliveryReport(sid, failed));
      const { messages } = await subject.read(conversationId);
      assert.deepEqual([messages[1]?.sendState, messages[1]?.errorCode], ["handed_over", "63024"]);
      assert.deepEqual(await subject.database.claimSend(conversationId), {
        outcome: "nothing_ready",
      });
    },
  },
  {
    name:
      "recordDeliveryStatus() settles a send in doubt by our own id, and the next one may leave",
    async run(subject) {
      const { conversationId, messageId } = await doubtedSend(subject, ["one", "two"]);
      const sid = messageSid();
      const report = deliveryReport(sid, { messageId, deliveryStatus: "sent" });
      const recorded = await subject.database.recordDeliveryStatus(report);
      assert.deepEqual(recorded, { outcome: "recorded" });
      const { messages } = await subject.read(conversationId);
      const [, settled] = messages;
      assert.deepEqual([settled?.sendState, settled?.deliveryStatus, settled?.errorCode], [
        ...["handed_over", "sent", null],
      ]);
      assert.equal((await claimedSend(subject, conversationId)).bodyText, "two");
    },
  },
  {
    name: "recordDeliveryStatus() may come before recordSend()",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      const sid = messageSid();
      const report = deliveryReport(sid, { messageId, deliveryStatus: "delivered" });
      assert.deepEqual(await subject.database.recordDeliveryStatus(report), {
        outcome: "recorded",
      });
      const late = await subject.database.recordSend(messageId, attempt, handedOver(sid));
      assert.deepEqual(late, { outcome: "already_recorded" });
      const { messages } = await subject.read(conversationId);
      assert.equal(messages[1]?.deliveryStatus, "delivered");
    },
  },
  {
    name: "recordDeliveryStatus() takes a signature once",
    async run(subject) {
      const { messageId } = await doubtedSend(subject, ["x"]);
      const { database } = subject;
      const sid = messageSid();
      const report = (deliveryStatus: string) => deliveryReport(sid, { messageId, deliveryStatus });
      const outcomes = [
        await database.recordDeliveryStatus(report("sent"), "one"),
        await database.recordDeliveryStatus(report("read"), "one"),
        await database.recordDeliveryStatus(report("delivered"), "two"),
      ];
      assert.deepEqual(outcomes.map(({ outcome }) => outcome), ["recorded", "no_news", "recorded"]);
    },
  },
  {
    name: "recordDeliveryStatus() knows neither strangers nor what customers wrote",
    async run(subject) {
      const sid = messageSid();
      const { messageId } = await ingest(subject, { providerMessageId: sid });
      for (const report of [deliveryReport(messageSid()), deliveryReport(sid)]) {
        const recorded = await subject.database.recordDeliveryStatus(report);
        assert.deepEqual(recorded, { outcome: "unknown_message" });
      }
      const report = deliveryReport(messageSid(), { messageId });
      const recorded = await subject.database.recordDeliveryStatus(report);
      assert.deepEqual(recorded, { outcome: "unknown_message" });
    },
  },
  {
    name: "recordDeliveryStatus() says doubled when Twilio names a second id for a message",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one"]);
      const { messageId, attempt } = await claimedSend(subject, conversationId);
      await subject.database.recordSend(messageId, attempt, handedOver());
      const report = deliveryReport(messageSid(), { messageId, deliveryStatus: "read" });
      assert.deepEqual(await subject.database.recordDeliveryStatus(report), { outcome: "doubled" });
      const { messages } = await subject.read(conversationId);
      assert.equal(messages[1]?.deliveryStatus, "queued", "the other one's status is not its own");
    },
  },
  {
    name: "listUncertainSends() lists what is in doubt, and since when it was sent",
    async run(subject) {
      const { messageId } = await doubtedSend(subject, ["one", "two"]);
      await subject.passTime(20_000);
      const { readStartedAt, messages } = await subject.database.listUncertainSends();
      const [listed] = messages;
      assert.equal(messages.length, 1);
      assert.deepEqual([listed?.messageId, listed?.attempt, listed?.toAddress], [
        ...[messageId, 1, CUSTOMER],
      ]);
      assertAbout(Date.parse(readStartedAt) - Date.parse(listed?.claimedAt ?? ""), 20_000, 2000);
    },
  },
  {
    name: "settleSend() finds a message in Twilio's list, and the next one may leave",
    async run(subject) {
      const { conversationId, send, entry, readAt } = await doubtedAndListed(subject);
      const other = { ...entry, sid: messageSid(), body: "another text" };
      const settled = await subject.database.settleSend(send, readAt, [other, entry]);
      assert.deepEqual(settled, { outcome: "found" });
      const { messages } = await subject.read(conversationId);
      assert.deepEqual([messages[1]?.sendState, messages[1]?.deliveryStatus], [
        ...["handed_over", "sent"],
      ]);
      const report = deliveryReport(entry.sid, { deliveryStatus: "delivered" });
      assert.deepEqual(await subject.database.recordDeliveryStatus(report), {
        outcome: "recorded",
      });
      assert.equal((await claimedSend(subject, conversationId)).bodyText, "two");
    },
  },
  {
    name: "settleSend() takes no entry that is known, older than the claim, or has another text",
    async run(subject) {
      const { send, entry, readAt } = await doubtedAndListed(subject);
      const known = messageSid();
      await ingest(subject, { providerMessageId: known });
      const dateCreated = new Date(Date.parse(send.claimedAt) - 11_000).toISOString();
      for (const change of [{ sid: known }, { dateCreated }, { body: "One" }]) {
        const listed = [{ ...entry, ...change }];
        const settled = await subject.database.settleSend(send, readAt, listed);
        assert.deepEqual(settled, { outcome: "too_early" });
      }
    },
  },
  {
    name: "settleSend() sends anew only what two readings far enough apart did not show",
    async run(subject) {
      const { database } = subject;
      await subject.configure(TIMES);
      const { conversationId } = await doubtedSend(subject, ["one"]);
      const read = async () => {
        const { readStartedAt, messages } = await database.listUncertainSends();
        const [send] = messages;
        assert.ok(send);
        return (await database.settleSend(send, readStartedAt, [])).outcome;
      };
      await subject.passTime(55_000);
      assert.equal(await read(), "too_early", "the lease ended 25 s ago");
      await subject.passTime(5100);
      assert.equal(await read(), "absent_once");
      assert.equal(await read(), "too_early");
      await subject.passTime(25_000);
      assert.equal(await read(), "too_early", "the first reading was 25 s ago");
      assert.deepEqual(await database.claimSend(conversationId), { outcome: "uncertain" });
      await subject.passTime(5100);
      assert.equal(await read(), "proven_absent");
      const again = await claimedSend(subject, conversationId);
      assert.deepEqual([again.bodyText, again.attempt], ["one", 2]);
    },
  },
  {
    name: "settleSend() counts a reading for no other attempt than it was made for",
    async run(subject) {
      const { send, readAt } = await doubtedAndListed(subject);
      const other = { ...send, attempt: send.attempt + 1 };
      assert.deepEqual(await subject.database.settleSend(other, readAt, []), {
        outcome: "settled_already",
      });
      const { messageId } = send;
      await subject.database.recordSend(messageId, send.attempt, handedOver());
      assert.deepEqual(await subject.database.settleSend(send, readAt, []), {
        outcome: "settled_already",
      });
    },
  },
];

/** A send in doubt, as the sync finds it, and the entry of Twilio's list that is it. */
async function doubtedAndListed(subject: DatabaseUnderTest): Promise<{
  conversationId: string;
  send: UncertainSend;
  entry: ListedMessage;
  readAt: string;
}> {
  const { conversationId } = await doubtedSend(subject, ["one", "two"]);
  const { readStartedAt: readAt, messages: [send] } = await subject.database.listUncertainSends();
  assert.ok(send);
  const entry = { sid: messageSid(), body: "one", status: "sent", dateCreated: send.claimedAt };
  return { conversationId, send, entry, readAt };
}
