/** What every `Database` tells operators. */
import assert from "node:assert/strict";
import { messageSid } from "../support/factories.ts";
import {
  answeredWith,
  assertAbout,
  claimed,
  type ConformanceCase,
  type DatabaseUnderTest,
  doubtedSend,
  ingest,
} from "./database_under_test.ts";

const MINUTES = { unansweredAlertMinutes: 5, uncertainAlertMinutes: 15 };

/** What no clock that cases move decides: in tests there is neither Vault's content nor a sweep. */
const OF_THE_SURROUNDINGS = ["secret_missing", "sweep_stopped"];

async function troubles({ database }: DatabaseUnderTest): Promise<string[]> {
  const { status, reasons } = await database.getHealth();
  assert.equal(status, reasons.length === 0 ? "ok" : "failing");
  // A reason's text is for people: each implementation has its own words.
  assert.ok(reasons.every(({ text }) => text !== ""));
  return [...new Set(reasons.map(({ kind }) => kind))].filter((kind) =>
    !OF_THE_SURROUNDINGS.includes(kind)
  );
}

async function metric({ database }: DatabaseUnderTest, name: string, label = ""): Promise<number> {
  const metrics = await database.getMetrics();
  return metrics.find((each) => each.name === name && each.label === label)?.value ?? NaN;
}

export const operationsCases: ConformanceCase[] = [
  {
    name: "getHealth() is failing while the orchestrator cannot be rung",
    async run({ database }) {
      const { status, reasons } = await database.getHealth();
      assert.equal(status, "failing");
      assert.ok(reasons.some(({ kind }) => kind === "secret_missing"));
    },
  },
  {
    name: "getHealth() knows of a customer who waits too long",
    async run(subject) {
      await subject.configure({ ...MINUTES, debounceMs: 0 });
      const { conversationId } = await ingest(subject);
      await subject.passTime(290_000);
      assert.deepEqual(await troubles(subject), []);
      await subject.passTime(11_000);
      assert.deepEqual(await troubles(subject), ["customer_unanswered"]);
      const { turnId, attempt } = await claimed(subject, conversationId);
      assert.deepEqual(await troubles(subject), ["customer_unanswered"]);
      await subject.database.completeTurn(turnId, attempt, { silentReason: "spam" });
      assert.deepEqual(await troubles(subject), []);
    },
  },
  {
    name: "getHealth() knows of a send that stays in doubt",
    async run(subject) {
      await subject.configure({ ...MINUTES, sendLeaseSeconds: 30 });
      await doubtedSend(subject, ["one"]);
      await subject.passTime(900_000);
      assert.deepEqual(await troubles(subject), []);
      await subject.passTime(31_000);
      assert.deepEqual(await troubles(subject), ["sends_uncertain"]);
    },
  },
  {
    name: "getHealth() knows of a rejected webhook for ten minutes",
    async run(subject) {
      const rejected = { reason: "from_missing", parameters: {}, signature: messageSid() };
      await subject.database.recordRejectedWebhook(rejected);
      assert.deepEqual(await troubles(subject), ["webhooks_rejected"]);
      await subject.passTime(601_000);
      assert.deepEqual(await troubles(subject), []);
    },
  },
  {
    name: "getMetrics() counts what waits now",
    async run(subject) {
      assert.equal(await metric(subject, "oldest_unanswered_seconds"), 0);
      await answeredWith(subject, ["one", "two"]);
      await ingest(subject);
      await subject.passTime(30_000);
      const counts = await Promise.all([
        metric(subject, "turns", "pending"),
        metric(subject, "turns", "running"),
        metric(subject, "turns", "retrying"),
        metric(subject, "sends", "ready"),
        metric(subject, "sends", "sending"),
        metric(subject, "sends", "uncertain"),
      ]);
      assert.deepEqual(counts, [1, 0, 0, 2, 0, 0]);
      assertAbout(await metric(subject, "oldest_unanswered_seconds"), 30, 2);
    },
  },
];
