/** The operator's answers, kept for a minute, and how a question finds its own. */
import type { CommonAnswer } from "../agent_database.ts";
import { words } from "./language.ts";

/** What the operator changes is in use after this, in milliseconds. */
const KEPT_MS = 60_000;
/** A courtesy answers a message only when the message is hardly more than that itself. */
const MAXIMUM_COURTESY_WORDS = 6;

export interface AnswerBook {
  /** All answers, the most important first. Never throws: without a database, what it last had. */
  all(): Promise<CommonAnswer[]>;
}

/** An answer book that asks `list` at most once a minute; `now` in milliseconds. */
export function createAnswerBook(
  list: () => Promise<CommonAnswer[]>,
  now: () => number = () => performance.now(),
): AnswerBook {
  let kept: { answers: CommonAnswer[]; until: number } | undefined;
  return {
    async all() {
      if (kept && now() < kept.until) return kept.answers;
      // Whoever cannot ask tries again with the next turn, not in a minute.
      const answers = await list().catch(() => null);
      if (answers) kept = { answers, until: now() + KEPT_MS };
      return answers ?? kept?.answers ?? [];
    },
  };
}

/** The topmost answer that matches `text`: among those in `language` first, then among all. */
export function matchAnswer(
  answers: CommonAnswer[],
  text: string,
  language: string | null,
): CommonAnswer | null {
  const spoken = words(text);
  const line = ` ${spoken.join(" ")} `;
  const matching = answers.filter(({ isCourtesy, phrases }) =>
    (!isCourtesy || spoken.length <= MAXIMUM_COURTESY_WORDS) &&
    phrases.some((phrase) => line.includes(` ${words(phrase).join(" ")} `))
  );
  return matching.find((row) => row.language === language) ?? matching[0] ?? null;
}

/** The answers that share most words with `text`, the best first, at most `maximum`. */
export function findAnswers(
  answers: CommonAnswer[],
  text: string,
  maximum = 3,
): CommonAnswer[] {
  const spoken = new Set(words(text));
  const scored = answers.filter(({ isCourtesy }) => !isCourtesy).map((answer) => ({
    answer,
    score: Math.max(...answer.phrases.map((phrase) => shareOf(words(phrase), spoken))),
  }));
  return scored.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score)
    .slice(0, maximum).map(({ answer }) => answer);
}

function shareOf(phrase: string[], spoken: Set<string>): number {
  return phrase.filter((word) => spoken.has(word)).length / Math.max(1, phrase.length);
}
