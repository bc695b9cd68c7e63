import assert from "node:assert/strict";
import {
  createAnswerBook,
  findAnswers,
} from "../../../../supabase/functions/orchestrator/agents/answer_book.ts";
import { createFindAnswers } from "../../../../supabase/functions/orchestrator/agents/tools/find_answers.ts";
import { ANSWER_BOOK, COMMON_ANSWERS } from "../../../support/common_answers.ts";
import { contextOf } from "./agent_context.ts";

const [ANSWER] = COMMON_ANSWERS as [typeof COMMON_ANSWERS[number]];

Deno.test("createAnswerBook() asks once a minute", async () => {
  const clock = { now: 0, asked: 0 };
  const book = createAnswerBook(
    () => Promise.resolve([{ ...ANSWER, answer: `asked ${++clock.asked}` }]),
    () => clock.now,
  );
  const answer = async () => (await book.all())[0]?.answer;
  assert.equal(await answer(), "asked 1");
  clock.now = 59_999;
  assert.equal(await answer(), "asked 1");
  clock.now = 60_000;
  assert.equal(await answer(), "asked 2");
});

Deno.test("createAnswerBook() keeps what it has while the database is away, and asks again", async () => {
  const clock = { now: 0, isAway: true };
  const book = createAnswerBook(
    () => clock.isAway ? Promise.reject(new Error("away")) : Promise.resolve([ANSWER]),
    () => clock.now,
  );
  assert.deepEqual(await book.all(), []);
  clock.isAway = false;
  assert.deepEqual(await book.all(), [ANSWER]);
  Object.assign(clock, { isAway: true, now: 100_000 });
  assert.deepEqual(await book.all(), [ANSWER]);
});

Deno.test("findAnswers() gives the closest first, and no mere courtesy", () => {
  const found = findAnswers(COMMON_ANSWERS, "Hello, what are your opening times on Monday?");
  assert.deepEqual([found[0]?.topic, found[0]?.language], ["hours", "en"]);
  assert.ok(found.length <= 3 && found.every(({ isCourtesy }) => !isCourtesy));
  assert.deepEqual(findAnswers(COMMON_ANSWERS, "xyzzy"), []);
});

Deno.test("find_answers tells the model what the operator wrote", async () => {
  const signal = new AbortController().signal;
  const call = { context: contextOf("Hi"), idempotencyKey: null, signal };
  const found = await createFindAnswers(ANSWER_BOOK).run({ question: "opening times" }, call);
  assert.match(JSON.stringify(found), /"topic":"hours","language":"en","answer":"You can write/);
});
