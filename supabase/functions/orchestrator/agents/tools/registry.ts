/** The tools that the model is offered. A new one is a file beside this, and a line here. */
import type { AnswerBook } from "../answer_book.ts";
import { type BankingDeps, bankingTools } from "./banking.ts";
import { createFindAnswers } from "./find_answers.ts";
import type { Tool } from "./tool.ts";

/** What tools work with. */
export interface ToolDeps {
  answers: AnswerBook;
  /** null when there is no bank: then none of its tools is offered. */
  banking: BankingDeps | null;
}

/** Every tool, in the order in which the model sees them. */
export function allTools({ answers, banking }: ToolDeps): Tool[] {
  return [createFindAnswers(answers), ...(banking ? bankingTools(banking) : [])];
}
