/**
 * The agent without a model: the same words always get the same answer, in the customer's language.
 * It never fails, so it may stand last in every chain.
 */
import { type Agent, type AgentContext, type AgentMessage, MEDIA_WITHOUT_TEXT } from "./agent.ts";
import { COMMON_ANSWERS, type CommonAnswer } from "./common_answers.ts";
import { guessLanguage, type Language, words } from "./language.ts";
import { acknowledgeMedia, admitIgnorance, offerPerson } from "./media_answers.ts";

/** What carries its meaning in its text and needs no acknowledgement of its own. */
const SPOKEN_KINDS = new Set(["text", "button", "list", "referral"]);
const MAXIMUM_NAME_LENGTH = 40;
/** A hello or thanks answers a message only when the message is hardly more than that itself. */
const COURTESIES = new Set(["thanks", "greeting"]);
const MAXIMUM_COURTESY_WORDS = 6;

/** Makes the agent "rules". */
export function createRulesAgent(): Agent {
  return { name: "rules", reply: (context) => Promise.resolve(replyByRules(context)) };
}

function replyByRules({ messages, history, customerName }: AgentContext) {
  const said = messages.map(spokenText).filter((text) => text !== "");
  const guessed = guessLanguage(said.join("\n")) ?? guessFromHistory(history);
  const common = said.length > 0 ? findCommonAnswer(said.join("\n"), guessed) : null;
  const language = common?.language ?? guessed ?? "en";
  return {
    kind: "text" as const,
    text: [
      ...mediaKinds(messages).map((kind) => acknowledgeMedia(kind, language)),
      closingSentence(common, said, customerName, language),
    ].join(" "),
    language,
    handOver: common?.handOver ?? false,
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

/** The topmost row that matches: among the guessed language's rows first, then among all. */
function findCommonAnswer(text: string, language: Language | null): CommonAnswer | null {
  const spoken = words(text);
  const line = ` ${spoken.join(" ")} `;
  const matching = COMMON_ANSWERS.filter(({ topic, phrases }) =>
    (!COURTESIES.has(topic) || spoken.length <= MAXIMUM_COURTESY_WORDS) &&
    phrases.some((phrase) => line.includes(` ${words(phrase).join(" ")} `))
  );
  return matching.find((row) => row.language === language) ?? matching[0] ?? null;
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
