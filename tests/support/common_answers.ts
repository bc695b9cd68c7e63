/**
 * The answers that a new installation has, as the migration of cc_answers stores them; a test on the
 * database holds both to be the same.
 */
import type { CommonAnswer } from "../../supabase/functions/orchestrator/agent_database.ts";
import {
  type AnswerBook,
  createAnswerBook,
} from "../../supabase/functions/orchestrator/agents/answer_book.ts";

type Seed = Omit<CommonAnswer, "isCourtesy" | "handsOver"> & { handsOver?: true };

const ANSWERS: Seed[] = [
  {
    topic: "person",
    language: "en",
    phrases: ["person", "human", "real agent", "speak to an agent", "talk to an agent", "operator"],
    answer: "I am handing this conversation to a colleague, who will answer you here.",
    handsOver: true,
  },
  {
    topic: "person",
    language: "pt",
    phrases: ["pessoa", "humano", "atendente", "falar com alguém"],
    answer: "Vou passar esta conversa a um colega, que responderá por aqui.",
    handsOver: true,
  },
  {
    topic: "person",
    language: "es",
    phrases: ["persona", "humano", "un agente", "una agente", "hablar con alguien"],
    answer: "Paso esta conversación a un compañero, que le responderá por aquí.",
    handsOver: true,
  },
  {
    topic: "person",
    language: "de",
    phrases: [
      "mensch",
      "menschen",
      "mitarbeiter",
      "mitarbeiterin",
      "mit jemandem sprechen",
      "echte person",
    ],
    answer:
      "Ich übergebe dieses Gespräch an eine Kollegin oder einen Kollegen; die Antwort kommt hier.",
    handsOver: true,
  },
  {
    topic: "card",
    language: "en",
    phrases: ["lost my card", "lost card", "card was stolen", "stolen card", "block my card"],
    answer: "I cannot block a card myself, so I am handing this to a colleague right away. " +
      "Please do not send your card number or PIN here.",
    handsOver: true,
  },
  {
    topic: "card",
    language: "pt",
    phrases: ["perdi meu cartão", "perdi o cartão", "cartão roubado", "bloquear meu cartão"],
    answer: "Não posso bloquear um cartão, por isso passo agora a um colega. " +
      "Por favor, não envie aqui o número do cartão nem a senha.",
    handsOver: true,
  },
  {
    topic: "card",
    language: "es",
    phrases: ["perdí mi tarjeta", "perdí la tarjeta", "robaron la tarjeta", "bloquear mi tarjeta"],
    answer: "No puedo bloquear una tarjeta, así que paso esto ahora mismo a un compañero. " +
      "Por favor, no envíe aquí el número de la tarjeta ni el PIN.",
    handsOver: true,
  },
  {
    topic: "card",
    language: "de",
    phrases: ["karte verloren", "karte gestohlen", "karte wurde gestohlen", "karte sperren"],
    answer: "Ich kann keine Karte sperren und gebe dies sofort weiter. " +
      "Bitte schicken Sie hier weder Kartennummer noch PIN.",
    handsOver: true,
  },
  {
    topic: "account",
    language: "en",
    phrases: ["balance", "transactions", "my account", "transfer money", "bank statement"],
    answer: 'I cannot see accounts or move money. Write "person" and a colleague takes over.',
  },
  {
    topic: "account",
    language: "pt",
    phrases: ["saldo", "extrato", "minha conta", "transferência", "transferir", "pix"],
    answer: 'Não vejo contas nem movimento dinheiro. Escreva "pessoa" e um colega assume.',
  },
  {
    topic: "account",
    language: "es",
    phrases: ["saldo", "extracto", "mi cuenta", "transferencia", "transferir"],
    answer: 'No puedo ver cuentas ni mover dinero. Escriba "persona" y un compañero le atiende.',
  },
  {
    topic: "account",
    language: "de",
    phrases: [
      "kontostand",
      "mein konto",
      "meinem konto",
      "überweisung",
      "überweisen",
      "kontoauszug",
    ],
    answer: "Ich sehe keine Konten und bewege kein Geld. " +
      'Schreiben Sie "Mensch", dann übernimmt ein Mitarbeiter.',
  },
  {
    topic: "hours",
    language: "en",
    phrases: ["hours", "opening times", "are you open", "do you open", "do you close"],
    answer: "You can write here at any hour and I answer at once. For the hours of a branch, " +
      'write "person" and the name of the branch, and a colleague confirms them.',
  },
  {
    topic: "hours",
    language: "pt",
    phrases: ["horário", "horários", "abre", "abrem", "fecha", "aberto", "funcionamento"],
    answer: "Pode escrever aqui a qualquer hora e respondo logo. Para o horário de uma agência, " +
      'escreva "pessoa" e o nome da agência, e um colega confirma.',
  },
  {
    topic: "hours",
    language: "es",
    phrases: ["horario", "horarios", "abren", "abre", "cierran", "abierto", "abierta"],
    answer: "Puede escribir aquí a cualquier hora y respondo al momento. Para el horario de una " +
      'oficina, escriba "persona" y el nombre de la oficina, y un compañero lo confirma.',
  },
  {
    topic: "hours",
    language: "de",
    phrases: ["öffnungszeiten", "geöffnet", "offen", "geschlossen", "wann öffnen"],
    answer:
      "Hier können Sie jederzeit schreiben, ich antworte sofort. Für die Öffnungszeiten einer " +
      'Filiale schreiben Sie "Mensch" und den Namen der Filiale.',
  },
  {
    topic: "thanks",
    language: "en",
    phrases: ["thanks", "thank you", "thx", "cheers"],
    answer: "You are welcome{name}! Write here whenever you need us.",
  },
  {
    topic: "thanks",
    language: "pt",
    phrases: ["obrigado", "obrigada", "valeu", "agradeço"],
    answer: "De nada{name}! Escreva sempre que precisar.",
  },
  {
    topic: "thanks",
    language: "es",
    phrases: ["gracias", "agradezco"],
    answer: "¡De nada{name}! Escriba cuando nos necesite.",
  },
  {
    topic: "thanks",
    language: "de",
    phrases: ["danke", "vielen dank", "dankeschön"],
    answer: "Gern geschehen{name}! Schreiben Sie uns jederzeit.",
  },
  {
    topic: "greeting",
    language: "en",
    phrases: ["hello", "hi", "hey", "good morning", "good afternoon", "good evening"],
    answer: "Hello{name}! How can I help you?",
  },
  {
    topic: "greeting",
    language: "pt",
    phrases: ["oi", "olá", "bom dia", "boa tarde", "boa noite"],
    answer: "Olá{name}! Como posso ajudar?",
  },
  {
    topic: "greeting",
    language: "es",
    phrases: ["hola", "buenos días", "buenas tardes", "buenas noches", "buenas"],
    answer: "¡Hola{name}! ¿En qué puedo ayudarle?",
  },
  {
    topic: "greeting",
    language: "de",
    phrases: ["hallo", "guten tag", "guten morgen", "guten abend", "moin", "servus"],
    answer: "Hallo{name}! Wie kann ich helfen?",
  },
];

export const COMMON_ANSWERS: CommonAnswer[] = ANSWERS.map((answer) => ({
  ...answer,
  isCourtesy: ["thanks", "greeting"].includes(answer.topic),
  handsOver: answer.handsOver ?? false,
}));

/** A book that holds them. */
export const ANSWER_BOOK: AnswerBook = createAnswerBook(() => Promise.resolve(COMMON_ANSWERS));
