/** Looks up what the operator wrote for common questions. */
import * as z from "zod";
import { type AnswerBook, findAnswers } from "../answer_book.ts";
import { defineTool, type Tool } from "./tool.ts";

/** UTF-16 units; a longer one is no question. */
const MAXIMUM_QUESTION_LENGTH = 300;

/** Makes the tool "find_answers". */
export function createFindAnswers(answers: AnswerBook): Tool {
  return defineTool({
    name: "find_answers",
    description: "Looks up the company's own answers to common questions. Call it before you " +
      "answer a question about the company, its services or its hours.",
    parameters: z.object({
      question: z.string().describe("The customer's question in a few words."),
    }),
    hasEffect: false,
    run: async ({ question }) => {
      const found = findAnswers(await answers.all(), question.slice(0, MAXIMUM_QUESTION_LENGTH));
      return found.map(({ topic, language, answer }) => ({
        ...{ topic, language },
        answer: answer.replaceAll("{name}", ""),
      }));
    },
  });
}
