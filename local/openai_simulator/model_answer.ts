/**
 * What the simulated model says: a short sentence in the customer's language that repeats what was
 * asked, so that a person can follow a demonstration and a test can tie each reply to its message.
 */
import {
  guessLanguage,
  type Language,
  words,
} from "../../supabase/functions/orchestrator/agents/language.ts";

/** An answer under the names that a schema may ask for. */
export interface ModelAnswer {
  reply: string;
  language: string;
  intent: string;
  confidence: number;
  hand_over: boolean;
}

type Topic = "person" | "card" | "account" | "hours" | "thanks" | "greeting" | "other";

/** Beginnings of words, without accents, in all four languages; the first topic that fits wins. */
const TOPICS: [Topic, intent: string, RegExp][] = [
  ["person", "person", /^(human|person|pessoa|atendente|mensch|mitarbeiter)/],
  ["card", "request", /^(card|cartao|cartoes|tarjeta|karte)/],
  ["account", "question", /^(balance|account|saldo|cuenta|conta$|konto)/],
  ["hours", "question", /^(open|hours|horario|abre|offnung|geoffnet)/],
  ["thanks", "thanks", /^(thank|obrigad|gracias|danke)/],
  ["greeting", "greeting", /^(hello|hi|hey|oi|ola|hola|hallo|guten|buenos|buenas)$/],
];

const SENTENCES: Record<Language, Record<Topic | "nothing", string>> = {
  en: {
    person: "Of course. You wrote “…”; a colleague takes over here.",
    card: "I understand, this is about your card: “…”. A colleague is with you in a moment.",
    account: "You asked about your account: “…”. I can help as soon as we have verified you.",
    hours: "You asked “…”. We answer here around the clock; which branch do you mean?",
    thanks: "You are welcome! (“…”)",
    greeting: "Hello! You wrote “…”. How can I help you today?",
    other: "Thank you for your message “…”. Could you tell me a little more about it?",
    nothing: "Thank you, I have received it. What would you like me to do with it?",
  },
  pt: {
    person: "Claro. Você escreveu “…”; um colega continua por aqui.",
    card: "Entendi, é sobre o seu cartão: “…”. Um colega já vai atender.",
    account: "Você perguntou sobre a sua conta: “…”. Posso ajudar assim que confirmarmos quem é.",
    hours: "Você perguntou “…”. Respondemos aqui a qualquer hora; de qual agência se trata?",
    thanks: "De nada! (“…”)",
    greeting: "Olá! Você escreveu “…”. Como posso ajudar hoje?",
    other: "Obrigado pela mensagem “…”. Pode contar um pouco mais?",
    nothing: "Obrigado, recebi. O que deseja que eu faça com isso?",
  },
  es: {
    person: "Por supuesto. Usted escribió “…”; un compañero continúa por aquí.",
    card: "Entiendo, se trata de su tarjeta: “…”. Un compañero le atiende enseguida.",
    account: "Preguntó por su cuenta: “…”. Le ayudo en cuanto confirmemos su identidad.",
    hours: "Preguntó “…”. Respondemos aquí a cualquier hora; ¿de qué oficina se trata?",
    thanks: "¡De nada! (“…”)",
    greeting: "¡Hola! Usted escribió “…”. ¿En qué puedo ayudarle hoy?",
    other: "Gracias por su mensaje “…”. ¿Puede contarme un poco más?",
    nothing: "Gracias, lo he recibido. ¿Qué desea que haga con ello?",
  },
  de: {
    person: "Gern. Sie schrieben „…“; eine Kollegin übernimmt hier.",
    card: "Ich verstehe, es geht um Ihre Karte: „…“. Gleich ist jemand für Sie da.",
    account: "Sie fragen nach Ihrem Konto: „…“. Ich helfe, sobald wir Sie geprüft haben.",
    hours: "Sie fragen „…“. Wir antworten hier rund um die Uhr; um welche Filiale geht es?",
    thanks: "Gern geschehen! („…“)",
    greeting: "Hallo! Sie schrieben „…“. Wie kann ich heute helfen?",
    other: "Danke für Ihre Nachricht „…“. Können Sie mir etwas mehr dazu sagen?",
    nothing: "Danke, das habe ich erhalten. Was soll ich damit tun?",
  },
};

/** Code points of the customer's text that a reply repeats. */
const ECHO_LENGTH = 400;

/** The answer to what a customer said; the same words always get the same answer. */
export function answerTo(said: string[]): ModelAnswer {
  const text = said.join(" / ").replace(/\s+/g, " ");
  const language = guessLanguage(text) ?? "en";
  const spoken = words(text);
  const [topic, intent] = TOPICS.find(([, , start]) => spoken.some((word) => start.test(word))) ??
    ["other" as const, "other"];
  const sentence = SENTENCES[language][text === "" ? "nothing" : topic];
  return {
    reply: sentence.replace("…", () => shorten(text)),
    language,
    intent,
    confidence: topic === "other" ? 0.6 : 0.9,
    hand_over: topic === "person",
  };
}

function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= ECHO_LENGTH) return text;
  return `${characters.slice(0, ECHO_LENGTH).join("")}…`;
}
