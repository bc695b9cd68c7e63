/** What every `Database` does when a customer wants no messages, or may get no free text. */
import assert from "node:assert/strict";
import {
  answeredWith,
  claimed,
  claimedSend,
  type ConformanceCase,
  type DatabaseUnderTest,
  deliveryReport,
  handedOver,
  ingest,
} from "./database_under_test.ts";

const GOODBYE = "Goodbye.";
const WELCOME = "Welcome back.";
const TEXTS = { debounceMs: 0, optOutText: GOODBYE, optInText: WELCOME };
const CONTENT_SID = "HX0123456789abcdef0123456789abcdef";
const DAY_MS = 24 * 3600_000;

/** The kinds of what was said to the customer, in order. */
async function said(subject: DatabaseUnderTest, id: string): Promise<string[]> {
  const { messages } = await subject.read(id);
  return messages.filter(({ direction }) => direction === "outbound").map(({ kind }) => kind);
}

async function turnStates(subject: DatabaseUnderTest, id: string): Promise<string[]> {
  return (await subject.read(id)).turns.map(({ state }) => state);
}

function fromTwilio(subject: DatabaseUnderTest, OptOutType: string) {
  const bodyJson = { kind: "text", media: [], parameters: { OptOutType } };
  return ingest(subject, { bodyText: OptOutType, bodyJson });
}

/** Sends what is ready, to a Twilio that ends it so. */
async function refuse(subject: DatabaseUnderTest, id: string, errorCode: string): Promise<void> {
  const { messageId, attempt } = await claimedSend(subject, id);
  const end = { outcome: "refused" as const, errorCode, errorMessage: "" };
  await subject.database.recordSend(messageId, attempt, end);
}

export const optOutCases: ConformanceCase[] = [
  {
    name: "ingestInboundMessage() opts a customer out who writes STOP, and confirms it once",
    async run(subject) {
      await subject.configure(TEXTS);
      const { conversationId } = await ingest(subject, { bodyText: "Where is my card?" });
      for (const bodyText of ["*Stop!*", "STOP", "Are you there?"]) {
        await ingest(subject, { bodyText });
      }
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "nothing_pending" });
      assert.deepEqual(await turnStates(subject, conversationId), Array(4).fill("silent"));
      assert.deepEqual(await said(subject, conversationId), ["opt_out_confirmation"]);
      assert.equal((await claimedSend(subject, conversationId)).bodyText, GOODBYE);
      const { messages, turns } = await subject.read(conversationId);
      const turnIds = messages.filter(({ direction }) => direction === "inbound")
        .map(({ turnId }) => turnId);
      assert.deepEqual(new Set(turnIds), new Set(turns.map(({ id }) => id)), "a turn each");
    },
  },
  {
    name: "ingestInboundMessage() takes no longer message for a STOP",
    async run(subject) {
      await subject.configure(TEXTS);
      const { conversationId } = await ingest(subject, { bodyText: "Please stop my card" });
      assert.equal((await claimed(subject, conversationId)).messages.length, 1);
    },
  },
  {
    name: "ingestInboundMessage() brings a customer back who writes START",
    async run(subject) {
      await subject.configure(TEXTS);
      const { conversationId } = await ingest(subject, { bodyText: "arrêt" });
      await ingest(subject, { bodyText: "Start." });
      await ingest(subject, { bodyText: "Hello again" });
      const kinds = await said(subject, conversationId);
      assert.deepEqual(kinds, ["opt_out_confirmation", "notice"]);
      const { messages } = await claimed(subject, conversationId);
      assert.deepEqual(messages.map(({ text }) => text), ["Hello again"]);
    },
  },
  {
    name: "ingestInboundMessage() only takes note of what Twilio has answered itself",
    async run(subject) {
      await subject.configure(TEXTS);
      const { conversationId } = await ingest(subject, { bodyText: "Hello" });
      await fromTwilio(subject, "HELP");
      assert.deepEqual(await turnStates(subject, conversationId), ["pending", "silent"]);
      await fromTwilio(subject, "STOP");
      assert.deepEqual(await turnStates(subject, conversationId), ["silent", "silent", "silent"]);
      await fromTwilio(subject, "START");
      assert.deepEqual(await said(subject, conversationId), []);
      await ingest(subject, { bodyText: "Hello again" });
      assert.equal((await claimed(subject, conversationId)).messages.length, 1);
    },
  },
  {
    name: "claimSend() refuses what was ready before a STOP, and hands out the confirmation",
    async run(subject) {
      await subject.configure(TEXTS);
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      await ingest(subject, { bodyText: "STOP" });
      assert.equal((await claimedSend(subject, conversationId)).bodyText, GOODBYE);
      const { messages } = await subject.read(conversationId);
      const states = messages.map(({ sendState }) => sendState);
      assert.deepEqual(states, [null, "refused", "refused", null, "sending"]);
    },
  },
  {
    name: "claimTurn() ends a turn that failed since its customer opted out",
    async run(subject) {
      await subject.configure({ ...TEXTS, backoffBaseMs: 1000 });
      const { conversationId } = await ingest(subject);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await ingest(subject, { bodyText: "STOP" });
      const failure = { errorCode: "model_down", errorMessage: "", isFinal: false };
      await subject.database.failTurn(turnId, attempt, failure);
      const claim = await subject.database.claimTurn(conversationId);
      assert.deepEqual(claim, { outcome: "nothing_pending" });
    },
  },
  {
    name: "recordSend() opts a customer out whom Twilio refuses with 21610, and no other",
    async run(subject) {
      const { conversationId } = await answeredWith(subject, ["one", "two", "three"]);
      await refuse(subject, conversationId, "21211");
      await refuse(subject, conversationId, "21610");
      const claim = await subject.database.claimSend(conversationId);
      assert.deepEqual(claim, { outcome: "nothing_ready" });
      assert.equal((await subject.read(conversationId)).messages[3]?.errorCode, "opted_out");
    },
  },
  {
    name: "recordDeliveryStatus() opts out at 21610, but not for what was sent before a START",
    async run(subject) {
      const { database } = subject;
      const { conversationId } = await answeredWith(subject, ["one", "two"]);
      const sids: string[] = [];
      for (const _ of ["one", "two"]) {
        const { messageId, attempt } = await claimedSend(subject, conversationId);
        const end = handedOver();
        await database.recordSend(messageId, attempt, end);
        sids.push("providerMessageId" in end ? end.providerMessageId : "");
        await subject.passTime(1000);
      }
      const [first = "", second = ""] = sids;
      const failed = { deliveryStatus: "failed", errorCode: "21610" };
      await database.recordDeliveryStatus(deliveryReport(first, failed));
      await ingest(subject, { bodyText: "Hello?" });
      assert.equal((await database.claimTurn(conversationId)).outcome, "nothing_pending");
      await ingest(subject, { bodyText: "START" });
      await database.recordDeliveryStatus(deliveryReport(second, failed));
      await ingest(subject, { bodyText: "Hello again" });
      await claimed(subject, conversationId);
    },
  },
  {
    name: "claimSend() hands out the template outside the window, and the text inside it",
    async run(subject) {
      await subject.configure({
        outsideWindowContentSid: CONTENT_SID,
        outsideWindowContentVariables: { 1: "{{text}}", first_name: "Ana" },
      });
      const { conversationId } = await answeredWith(subject, ["one", " two\n\nthree "]);
      const inside = await claimedSend(subject, conversationId);
      assert.equal(inside.template, null);
      await subject.database.recordSend(inside.messageId, inside.attempt, handedOver());
      await subject.passTime(DAY_MS + 1000);
      const { template, messageId, attempt } = await claimedSend(subject, conversationId);
      assert.equal(template?.contentSid, CONTENT_SID);
      const variables = JSON.parse(template?.contentVariables ?? "");
      assert.deepEqual(variables, { 1: "two three", first_name: "Ana" });

      const doubt = { outcome: "uncertain" as const, errorCode: "timeout", errorMessage: "" };
      await subject.database.recordSend(messageId, attempt, doubt);
      const { messages: [send], readStartedAt } = await subject.database.listUncertainSends();
      assert.ok(send);
      const entry = { sid: `SM${"9".repeat(32)}`, body: "Dear Ana", status: "sent" };
      const settled = await subject.database.settleSend(send, readStartedAt, [
        { ...entry, dateCreated: send.claimedAt },
      ]);
      assert.deepEqual(settled, { outcome: "found" }, "Twilio alone knows a template's body");
    },
  },
];
