/** What every `Database` does when a customer writes too much, or all of them together. */
import assert from "node:assert/strict";
import {
  assertAbout,
  claimed,
  claimedSend,
  type ConformanceCase,
  type DatabaseUnderTest,
  ingest,
} from "./database_under_test.ts";

/** Two messages at once, then one each minute. */
const LIMIT = { debounceMs: 0, customerBurstMessages: 2, customerMessagesPerMinute: 1 };
const NOTICE = "One moment, please.";

/** The conversation in which the customer has written so many messages. */
async function writeMany(subject: DatabaseUnderTest, count: number): Promise<string> {
  let id = "";
  for (let number = 1; number <= count; number++) {
    id = (await ingest(subject, { bodyText: `${number}` })).conversationId;
  }
  return id;
}

async function dueInMs({ database }: DatabaseUnderTest, id: string): Promise<number> {
  const claim = await database.claimTurn(id);
  assert.equal(claim.outcome, "not_due");
  return "dueInMs" in claim ? claim.dueInMs : NaN;
}

async function notices(subject: DatabaseUnderTest, id: string): Promise<string[]> {
  const { messages } = await subject.read(id);
  return messages.filter(({ kind }) => kind === "notice").map(({ text }) => text);
}

export const limitCases: ConformanceCase[] = [
  {
    name: "ingestInboundMessage() stores what is over the limit, and lets its answer wait",
    async run(subject) {
      await subject.configure({ ...LIMIT, rateLimitNoticeText: NOTICE });
      const conversationId = await writeMany(subject, 3);
      assertAbout(await dueInMs(subject, conversationId), 60_000, 2000);
      await ingest(subject, { bodyText: "4" });
      assertAbout(await dueInMs(subject, conversationId), 120_000, 2000);

      await subject.passTime(120_000);
      const { messages } = await claimed(subject, conversationId);
      assert.deepEqual(messages.map(({ text }) => text), ["1", "2", "3", "4"]);
    },
  },
  {
    name: "ingestInboundMessage() lets a turn that is over the limit from its start wait as well",
    async run(subject) {
      await subject.configure(LIMIT);
      const conversationId = await writeMany(subject, 2);
      const { turnId, attempt } = await claimed(subject, conversationId);
      await subject.database.completeTurn(turnId, attempt, { reply: ["one"] });
      await writeMany(subject, 1);
      assertAbout(await dueInMs(subject, conversationId), 60_000, 2000);
    },
  },
  {
    name: "ingestInboundMessage() lets nobody wait for ever",
    async run(subject) {
      await subject.configure({ ...LIMIT, rateLimitNoticeText: null });
      const conversationId = await writeMany(subject, 12);
      assertAbout(await dueInMs(subject, conversationId), 120_000, 2000);
      assert.deepEqual(await notices(subject, conversationId), []);
    },
  },
  {
    name: "ingestInboundMessage() tells a customer over the limit at most once in a while",
    async run(subject) {
      const settings = { rateLimitNoticeText: NOTICE, rateLimitNoticeMinutes: 2 };
      await subject.configure({ ...LIMIT, ...settings });
      const conversationId = await writeMany(subject, 5);
      assert.deepEqual(await notices(subject, conversationId), [NOTICE]);
      assert.equal((await claimedSend(subject, conversationId)).bodyText, NOTICE);
      const { messages } = await subject.read(conversationId);
      assert.equal(messages.find(({ kind }) => kind === "notice")?.turnId, null);

      await subject.passTime(121_000);
      await writeMany(subject, 3);
      assert.deepEqual(await notices(subject, conversationId), [NOTICE, NOTICE]);
    },
  },
  {
    name: "ingestInboundMessage() gives a customer's allowance back with time, not without end",
    async run(subject) {
      await subject.configure({ ...LIMIT, rateLimitNoticeText: NOTICE });
      await writeMany(subject, 2);
      await subject.passTime(3600_000);
      const conversationId = await writeMany(subject, 2);
      assert.deepEqual(await notices(subject, conversationId), []);
      await writeMany(subject, 1);
      assert.deepEqual(await notices(subject, conversationId), [NOTICE]);
    },
  },
  {
    name: "ingestInboundMessage() limits each customer alone",
    async run(subject) {
      await subject.configure(LIMIT);
      await writeMany(subject, 4);
      const { conversationId } = await ingest(subject, { fromAddress: "whatsapp:+5511900000000" });
      await claimed(subject, conversationId);
    },
  },
  {
    name: "claimTurn() lets turns wait when all customers together have had too many",
    async run(subject) {
      await subject.configure({ debounceMs: 0, turnsPerMinute: 2 });
      const ids: string[] = [];
      for (const number of [1, 2, 3]) {
        const stored = await ingest(subject, { fromAddress: `whatsapp:+551190000000${number}` });
        ids.push(stored.conversationId);
      }
      const [first = "", second = "", third = ""] = ids;
      await claimed(subject, first);
      await subject.passTime(20_000);
      await claimed(subject, second);
      assertAbout(await dueInMs(subject, third), 40_000, 2000);
      await subject.passTime(40_000);
      await claimed(subject, third);
    },
  },
];
