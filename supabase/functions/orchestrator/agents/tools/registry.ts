/** The tools that the model is offered. A new one is a file beside this, and a line here. */
import type { AnswerBook } from "../answer_book.ts";
import { createFindAnswers } from "./find_answers.ts";
import type { Tool } from "./tool.ts";

/** What tools work with. */
export interface ToolDeps {
  answers: AnswerBook;
}

/** Every tool, in the order in which the model sees them. */
export function allTools({ answers }: ToolDeps): Tool[] {
  return [createFindAnswers(answers)];
}
