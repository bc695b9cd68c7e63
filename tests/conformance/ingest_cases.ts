/** What every `Database` does with messages and other webhooks that come in. */
import assert from "node:assert/strict";
import { inboundMessage, messageSid } from "../support/factories.ts";
import {
  answeredWith,
  claimed,
  claimedSend,
  type ConformanceCase,
  deliveryReport,
  ingest,
} from "./database_under_test.ts";

export const ingestCases: ConformanceCase[] = [
  {
    name: "ingestInboundMessage() stores a first message with its conversation and turn",
    async run(subject) {
      const stored = await ingest(subject, { bodyText: "Oi! 😀" });
      assert.equal(stored.isNewMessage, true);
      const { messages, turns } = await subject.read(stored.conversationId);
      assert.deepEqual(messages.map(({ seq, text, direction }) => [seq, text, direction]), [
        [1, "Oi! 😀", "inbound"],
      ]);
      assert.deepEqual(turns.map(({ state }) => state), ["pending"]);
      assert.equal(messages[0]?.turnId, turns[0]?.id);
    },
  },
  {
    name: "ingestInboundMessage() gives back what is stored when the MessageSid is repeated",
    async run(subject) {
      const message = inboundMessage();
      const first = await subject.database.ingestInboundMessage(message, "one signature");
      const again = { ...message, bodyText: "changed" };
      const second = await subject.database.ingestInboundMessage(again, "another signature");
      assert.deepEqual(second, { ...first, isNewMessage: false });
      const { messages } = await subject.read(first.conversationId);
      assert.deepEqual(messages.map(({ text }) => text), ["Hello"]);
    },
  },
  {
    name: "ingestInboundMessage() gives back what is stored when the signature is repeated",
    async run(subject) {
      const { database } = subject;
      const first = await database.ingestInboundMessage(inboundMessage(), "the signature");
      const second = await database.ingestInboundMessage(inboundMessage(), "the signature");
      assert.deepEqual(second, { ...first, isNewMessage: false });
      await ingest(subject);
      const { messages } = await subject.read(first.conversationId);
      assert.deepEqual(messages.map(({ seq }) => seq), [1, 2], "a repeat leaves no gap");
    },
  },
  {
    name: "ingestInboundMessage() makes one conversation of simultaneous first messages",
    async run(subject) {
      const stored = await Promise.all(Array.from({ length: 5 }, () => ingest(subject)));
      assert.equal(new Set(stored.map(({ conversationId }) => conversationId)).size, 1);
      const { messages, turns } = await subject.read(stored[0]?.conversationId ?? "");
      assert.deepEqual(messages.map(({ seq }) => seq), [1, 2, 3, 4, 5]);
      assert.equal(turns.length, 1);
    },
  },
  {
    name: "ingestInboundMessage() stores one of simultaneous repeats",
    async run({ database }) {
      const message = inboundMessage();
      const stored = await Promise.all(
        Array.from({ length: 5 }, () => database.ingestInboundMessage(message, "signature")),
      );
      assert.equal(stored.filter(({ isNewMessage }) => isNewMessage).length, 1);
      assert.equal(new Set(stored.map(({ messageId }) => messageId)).size, 1);
    },
  },
  {
    name: "ingestInboundMessage() keeps customers and channels apart",
    async run(subject) {
      const sms = { channel: "sms" as const, fromAddress: "+5511987654321" };
      const stored = [
        await ingest(subject),
        await ingest(subject, { fromAddress: "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J" }),
        await ingest(subject, sms),
      ];
      assert.equal(new Set(stored.map(({ conversationId }) => conversationId)).size, 3);
    },
  },
  {
    name: "ingestInboundMessage() keeps the name that the customer last wrote with",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      await ingest(subject, { customerName: "Ana" });
      await ingest(subject, { customerName: "Ana Souza" });
      const { conversationId } = await ingest(subject, { customerName: null });
      assert.equal((await claimed(subject, conversationId)).customerName, "Ana Souza");
    },
  },
  {
    name: "ingestInboundMessage() opens the next turn when the first is in work",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      await claimed(subject, conversationId);
      await ingest(subject);
      const { messages, turns } = await subject.read(conversationId);
      assert.deepEqual(turns.map(({ state }) => state), ["running", "pending"]);
      assert.deepEqual(messages.map(({ turnId }) => turnId), turns.map(({ id }) => id));
    },
  },
  {
    name: "ingestInboundMessage() rings once for a burst, and again when the ring was not heard",
    async run(subject) {
      const { conversationId } = await ingest(subject);
      assert.equal((await subject.read(conversationId)).rings, 0, "nobody could be rung");
      await subject.setDispatch(true);
      await ingest(subject);
      assert.equal((await subject.read(conversationId)).rings, 1);
      await ingest(subject);
      assert.equal((await subject.read(conversationId)).rings, 1);
    },
  },
  {
    name: "ingestInboundMessage() rings nobody while a person handles the conversation",
    async run(subject) {
      await subject.setDispatch(true);
      const { conversationId } = await answeredWith(subject, ["one"]);
      await subject.setHandler(conversationId, "human");
      const { rings } = await subject.read(conversationId);
      await ingest(subject);
      assert.equal((await subject.read(conversationId)).rings, rings);
    },
  },
  {
    name: "ingestInboundMessage() changes nothing by a repeat, not even the address or the name",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const message = inboundMessage({ customerName: "Ana" });
      const { conversationId } = await subject.database.ingestInboundMessage(message, "one");
      const change = { providerMessageId: messageSid(), customerName: "Bea", toAddress: "other" };
      await subject.database.ingestInboundMessage({ ...message, ...change }, "one");
      const { turnId, attempt, customerName } = await claimed(subject, conversationId);
      assert.equal(customerName, "Ana");
      await subject.database.completeTurn(turnId, attempt, { reply: ["x"] });
      assert.equal((await claimedSend(subject, conversationId)).fromAddress, message.toAddress);
    },
  },
  {
    name: "recordRejectedWebhook() keeps a signed request once",
    async run({ database }) {
      const rejected = { reason: "message_sid_missing", parameters: { From: "x\u0000\ud800" } };
      const signature = messageSid();
      const first = await database.recordRejectedWebhook({ ...rejected, signature });
      assert.equal(first.isNew, true);
      const second = await database.recordRejectedWebhook({ ...rejected, signature });
      assert.deepEqual(second, { ...first, isNew: false });
    },
  },
  {
    name: "A signature has its effect once, whatever is carved out of the same bytes",
    async run(subject) {
      const { database } = subject;
      const replay = { code: "SB005", status: 400 };
      const rejected = { reason: "from_missing", parameters: {} };
      const { conversationId } = await database.ingestInboundMessage(inboundMessage(), "one");
      await assert.rejects(
        database.recordRejectedWebhook({ ...rejected, signature: "one" }),
        replay,
      );
      await database.recordRejectedWebhook({ ...rejected, signature: "two" });
      await assert.rejects(database.ingestInboundMessage(inboundMessage(), "two"), replay);
      await database.recordDeliveryStatus(deliveryReport(messageSid()), "three");
      await assert.rejects(database.ingestInboundMessage(inboundMessage(), "three"), replay);
      assert.equal((await subject.read(conversationId)).messages.length, 1);
    },
  },
  {
    name: "ingestInboundMessage() keeps the signature of a repeat too",
    async run({ database }) {
      const message = inboundMessage();
      const first = await database.ingestInboundMessage(message, "one");
      const again = await database.ingestInboundMessage(message, "by the fallback URL");
      assert.deepEqual(again, { ...first, isNewMessage: false });
      const other = database.ingestInboundMessage(inboundMessage(), "by the fallback URL");
      await assert.rejects(other, { code: "SB005" });
    },
  },
  {
    name: "recordRejectedWebhook() refuses a reason that is no word",
    async run({ database }) {
      const rejected = { reason: "Two words", parameters: {}, signature: messageSid() };
      await assert.rejects(database.recordRejectedWebhook(rejected), {
        code: "23514",
        status: 400,
      });
    },
  },
];
