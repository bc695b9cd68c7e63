/**
 * The agent without a model: the same words always get the same answer, in the customer's language.
 * It never fails, so it may stand last in every chain.
 */
import type { CommonAnswer } from "../agent_database.ts";
import {
  type Agent,
  type AgentContext,
  type AgentMessage,
  MEDIA_WITHOUT_TEXT,
  type Reply,
} from "./agent.ts";
import { type AnswerBook, matchAnswer } from "./answer_book.ts";
import type { BankingRules } from "./banking_rules.ts";
import { guessLanguage, type Language, LANGUAGES } from "./language.ts";
import { acknowledgeMedia, admitIgnorance, offerPerson } from "./media_answers.ts";

/** What carries its meaning in its text and needs no acknowledgement of its own. */
const SPOKEN_KINDS = new Set(["text", "button", "list", "referral"]);
const MAXIMUM_NAME_LENGTH = 40;

/** Makes the agent "rules", which knows the operator's answers, and with `banking` a bank. */
export function createRulesAgent(answers: AnswerBook, banking: BankingRules | null = null): Agent {
  return {
    name: "rules",
    reply: async (context) =>
      await banking?.(context, languageOf(context) ?? "en") ??
        replyByRules(context, await answers.all()),
  };
}

function languageOf({ messages, history }: AgentContext): Language | null {
  return guessLanguage(messages.map(spokenText).join("\n")) ?? guessFromHistory(history);
}

function replyByRules(context: AgentContext, answers: CommonAnswer[]): Reply {
  const { messages, customerName } = context;
  const said = messages.map(spokenText).filter((text) => text !== "");
  const guessed = languageOf(context);
  const common = said.length > 0 ? matchAnswer(answers, said.join("\n"), guessed) : null;
  const language = common ? spokenByRules(common.language) : guessed ?? "en";
  return {
    kind: "text",
    text: [
      ...mediaKinds(messages).map((kind) => acknowledgeMedia(kind, language)),
      closingSentence(common, said, customerName, language),
    ].join(" "),
    language: common?.language ?? language,
    handOver: common?.handsOver ?? false,
    ...(common?.handsOver && { reason: "answer_hands_over" }),
  };
}

function closingSentence(
  common: CommonAnswer | null,
  said: string[],
  customerName: string | null,
  language: Language,
): string {
  if (common) return common.answer.replace("{name}", () => addressed(customerName));
  return said.length > 0 ? admitIgnorance(language) : offerPerson(language);
}

/** What is not in the table is said in one of our own languages. */
function spokenByRules(tag: string): Language {
  return LANGUAGES.find((language) => language === tag.split("-")[0]) ?? "en";
}

function guessFromHistory(history: AgentMessage[]): Language | null {
  const earlier = history.filter(({ direction }) => direction === "inbound").map(spokenText);
  return guessLanguage(earlier.join("\n"));
}

/** Each kind once: five pictures in a row are one thanks. */
function mediaKinds(messages: AgentMessage[]): string[] {
  return [...new Set(messages.map(({ kind }) => kind).filter((kind) => !SPOKEN_KINDS.has(kind)))];
}

function spokenText({ text }: AgentMessage): string {
  return text === MEDIA_WITHOUT_TEXT ? "" : text.trim();
}

/** Customers choose their profile name freely: one short line of it, or none at all. */
function addressed(customerName: string | null): string {
  const name = (customerName ?? "").replace(/[\p{C}\p{Z}\s]+/gu, " ").trim();
  const isPlain = name.length > 0 && name.length <= MAXIMUM_NAME_LENGTH &&
    /^[\p{L}\p{M} .'-]+$/u.test(name);
  return isPlain ? ` ${name}` : "";
}
