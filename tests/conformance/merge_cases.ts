/** What every `Database` does when several addresses turn out to be one person's. */
import assert from "node:assert/strict";
import { CUSTOMER, messageSid } from "../support/factories.ts";
import {
  claimed,
  claimedSend,
  type ConformanceCase,
  type DatabaseUnderTest,
  ingest,
} from "./database_under_test.ts";

const BSUID = "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J";
const PARENT = "whatsapp:BR.ENT.9Z8Y7X6W5V";

/** The conversations of two customers, the elder's first, who wrote one message each. */
async function twoCustomers(subject: DatabaseUnderTest): Promise<[string, string]> {
  await subject.configure({ debounceMs: 0 });
  const elder = await ingest(subject, { bodyText: "by phone" });
  const younger = await ingest(subject, { fromAddress: BSUID, bodyText: "by BSUID" });
  return [elder.conversationId, younger.conversationId];
}

/** The conversation that takes a message which shows these addresses together. */
async function together(
  subject: DatabaseUnderTest,
  fromAddress = CUSTOMER,
  otherAddresses = [BSUID],
): Promise<string> {
  return (await ingest(subject, { fromAddress, otherAddresses })).conversationId;
}

export const mergeCases: ConformanceCase[] = [
  {
    name: "ingestInboundMessage() takes addresses that came together for one customer's",
    async run(subject) {
      const first = await together(subject, CUSTOMER, [BSUID, PARENT]);
      for (const fromAddress of [BSUID, PARENT, CUSTOMER]) {
        assert.equal((await ingest(subject, { fromAddress })).conversationId, first);
      }
    },
  },
  {
    name: "ingestInboundMessage() merges the younger customer into the elder",
    async run(subject) {
      const [elder, younger] = await twoCustomers(subject);
      assert.notEqual(elder, younger);
      assert.equal(await together(subject, BSUID, [CUSTOMER]), elder);
      assert.equal((await ingest(subject, { fromAddress: BSUID })).conversationId, elder);
      const { messages } = await subject.read(younger);
      assert.deepEqual(messages.map(({ text }) => text), ["by BSUID"], "no message moves");
    },
  },
  {
    name: "claimTurn() and claimSend() serve a merged customer's conversation to its end",
    async run(subject) {
      const [, younger] = await twoCustomers(subject);
      await together(subject);
      const { turnId, attempt } = await claimed(subject, younger);
      await subject.database.completeTurn(turnId, attempt, { reply: ["one"] });
      assert.equal((await claimedSend(subject, younger)).toAddress, BSUID);
    },
  },
  {
    name: "ingestInboundMessage() leaves a customer with the person they talk to when it merges",
    async run(subject) {
      const [elder, younger] = await twoCustomers(subject);
      await subject.setHandler(younger, "human");
      assert.equal(await together(subject), younger);
      await claimed(subject, elder);
    },
  },
  {
    name: "claimSend() keeps two conversations of one customer from sending at once",
    async run(subject) {
      const [elder, younger] = await twoCustomers(subject);
      await together(subject, BSUID, [CUSTOMER]);
      for (const conversationId of [younger, elder]) {
        const { turnId, attempt } = await claimed(subject, conversationId);
        await subject.database.completeTurn(turnId, attempt, { reply: ["one"] });
      }
      const { messageId, attempt } = await claimedSend(subject, younger);
      assert.deepEqual(await subject.database.claimSend(elder), { outcome: "busy" });
      await subject.database.recordSend(messageId, attempt, {
        ...{ outcome: "handed_over", providerMessageId: messageSid(), deliveryStatus: "queued" },
      });
      assert.equal((await claimedSend(subject, elder)).toAddress, BSUID);
    },
  },
  {
    name: "ingestInboundMessage() follows a chain of merges to the eldest",
    async run(subject) {
      const [elder] = await twoCustomers(subject);
      const third = await ingest(subject, { fromAddress: PARENT });
      assert.notEqual(third.conversationId, elder);
      await together(subject, PARENT, [BSUID]);
      assert.equal(await together(subject, CUSTOMER, [BSUID]), elder);
      assert.equal((await ingest(subject, { fromAddress: PARENT })).conversationId, elder);
    },
  },
  {
    name: "ingestInboundMessage() lets an opt-out outlive a merge",
    async run(subject) {
      const [elder, younger] = await twoCustomers(subject);
      await subject.optOut(younger);
      await together(subject);
      assert.deepEqual(await subject.database.claimTurn(elder), { outcome: "nothing_pending" });
    },
  },
  {
    name: "ingestInboundMessage() heeds the newer word when customers are merged",
    async run(subject) {
      const [elder, younger] = await twoCustomers(subject);
      await subject.optOut(elder);
      await subject.passTime(1000);
      await subject.optOut(younger);
      await ingest(subject, { fromAddress: BSUID, bodyText: "START" });
      await together(subject);
      assert.equal((await subject.database.claimTurn(elder)).outcome, "claimed");
    },
  },
  {
    name: "ingestInboundMessage() fills no bucket by a merge",
    async run(subject) {
      await subject.configure({ customerBurstMessages: 2, customerMessagesPerMinute: 1 });
      await twoCustomers(subject);
      await ingest(subject, { fromAddress: BSUID });
      const conversationId = await together(subject);
      assert.equal((await subject.database.claimTurn(conversationId)).outcome, "not_due");
    },
  },
  {
    name: "claimTurn() tells what a message replies to, and what it says beside its text",
    async run(subject) {
      await subject.configure({ debounceMs: 0 });
      const providerMessageId = messageSid();
      const { conversationId } = await ingest(subject, { providerMessageId, bodyText: "Which?" });
      const OriginalRepliedMessageSid = providerMessageId;
      const parameters = { OriginalRepliedMessageSid, Label: "MASP", Address: "", Other: "x" };
      const bodyJson = { kind: "location", media: [], forwarded: true as const, parameters };
      await ingest(subject, { bodyJson });
      const { messages } = await claimed(subject, conversationId);
      const told = messages.map(({ details, repliedTo }) => ({ details, repliedTo }));
      assert.deepEqual(told, [
        { details: {}, repliedTo: null },
        {
          details: { label: "MASP", forwarded: "once" },
          repliedTo: { seq: 1, direction: "inbound", text: "Which?" },
        },
      ]);
    },
  },
];
