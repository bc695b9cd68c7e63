/**
 * Random calls, in the same order on the database in memory and on Postgres, have the same outcomes
 * and leave the same rows: what no case thought of is compared as well.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { DatabaseUnderTest, StoredConversation } from "./database_under_test.ts";
import { createFakeUnderTest } from "./fake_database.ts";
import { emptyMemory, SETTINGS, type Step, STEPS } from "./random_steps.ts";
import { createRealUnderTest } from "./real_database.ts";

/** Each takes about half a second of Postgres. */
const WALKS = 12;

const anyStep = fc.oneof(
  ...STEPS.map((step) => ({
    weight: step.weight,
    arbitrary: fc.constant({ ...step, toString: () => step.name }),
  })),
);

Deno.test("createFakeDatabase() does what Postgres does, whatever is called in whatever order", async () => {
  const steps = fc.array(anyStep, { minLength: 40, maxLength: 80, size: "max" });
  const property = fc.asyncProperty(steps, async (steps) => {
    assert.deepEqual(
      await walk(createFakeUnderTest, steps),
      await walk(createRealUnderTest, steps),
    );
  });
  await fc.assert(property, { numRuns: WALKS, endOnFailure: true });
});

/** The outcome of every step, and all rows in the end; a turn's id becomes its place by its messages. */
async function walk(create: () => Promise<DatabaseUnderTest>, steps: Step[]): Promise<unknown> {
  await using subject = await create();
  await subject.configure(SETTINGS);
  const memory = emptyMemory();
  const outcomes: [string, unknown][] = [];
  for (const { name, run } of steps) outcomes.push([name, await run(subject, memory)]);

  const { messages, turns, rings } = await subject.read(memory.conversationId);
  const known = turns.map((turn) => describe(turn, messages)).sort();
  const place = new Map(turns.map((turn) => [turn.id, known.indexOf(describe(turn, messages))]));
  return {
    ...{ outcomes, rings, turns: known },
    messages: messages.map((message) => ({ ...message, turnId: place.get(message.turnId ?? "") })),
  };
}

/** A turn without its id: several may be as old as their oldest message, so age does not order them. */
function describe(
  { id, state, attempt, failureCount }: StoredConversation["turns"][number],
  messages: StoredConversation["messages"],
): string {
  const seqs = messages.filter(({ turnId }) => turnId === id).map(({ seq }) => seq);
  return JSON.stringify({ seqs, state, attempt, failureCount });
}
