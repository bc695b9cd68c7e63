/** What the rules say about accounts, cards and codes, in each of their languages. */
import type { Language } from "./language.ts";

/** What can be said: outcomes of tools, of verification, and of a code. */
export type BankingText =
  | "code_sent"
  | "code_awaited"
  | "code_not_sent"
  | "too_many_codes"
  | "person"
  | "wrong"
  | "expired"
  | "verified"
  | "useless"
  | "which_card"
  | "blocked"
  | "already_blocked"
  | "unknown_card"
  | "balance"
  | "not_now";

const EN: Record<BankingText, string> = {
  code_sent:
    "First I must know that it is you: a code is on its way by SMS to the number that we " +
    "have on file. Please write it here.",
  code_awaited: "I have sent you a code by SMS. Please write it here.",
  code_not_sent: "I could not send you a code just now. Please try again in a while.",
  too_many_codes: "I have sent you several codes already. Please try again in an hour.",
  person: "I cannot verify you here. A colleague takes over.",
  wrong: "That is not the code that I sent. Please look at the SMS and try again.",
  expired: "That code has expired.",
  verified: "Thank you, now I know that it is you. What can I do for you?",
  useless: "I have not asked for that code here.",
  which_card: "Which card shall I block? Please write: block, and its last four digits.",
  blocked: "The card ending in {} is blocked.",
  already_blocked: "The card ending in {} was blocked already.",
  unknown_card: "You have no card ending in {}.",
  balance: "{}: {}.",
  not_now: "I cannot reach your accounts just now. A colleague takes over.",
};

const PT: Record<BankingText, string> = {
  code_sent: "Primeiro preciso saber que é você: um código está a caminho por SMS para o número " +
    "do seu cadastro. Por favor, escreva-o aqui.",
  code_awaited: "Enviei um código por SMS. Por favor, escreva-o aqui.",
  code_not_sent: "Não consegui enviar o código agora. Tente de novo daqui a pouco.",
  too_many_codes: "Já enviei vários códigos. Tente de novo daqui a uma hora.",
  person: "Não consigo confirmar quem é você aqui. Um colega assume.",
  wrong: "Esse não é o código que enviei. Veja o SMS e tente de novo.",
  expired: "Esse código já expirou.",
  verified: "Obrigado, agora sei que é você. Em que posso ajudar?",
  useless: "Não pedi esse código aqui.",
  which_card: "Qual cartão devo bloquear? Escreva: bloquear, e os quatro últimos dígitos.",
  blocked: "O cartão com final {} está bloqueado.",
  already_blocked: "O cartão com final {} já estava bloqueado.",
  unknown_card: "Você não tem cartão com final {}.",
  balance: "{}: {}.",
  not_now: "Não consigo consultar as suas contas agora. Um colega assume.",
};

const ES: Record<BankingText, string> = {
  code_sent: "Primero debo saber que es usted: un código va en camino por SMS al número que " +
    "tenemos registrado. Por favor, escríbalo aquí.",
  code_awaited: "Le he enviado un código por SMS. Por favor, escríbalo aquí.",
  code_not_sent: "No he podido enviar el código ahora. Inténtelo de nuevo en un rato.",
  too_many_codes: "Ya le he enviado varios códigos. Inténtelo de nuevo en una hora.",
  person: "No puedo confirmar aquí quién es usted. Un compañero le atiende.",
  wrong: "Ese no es el código que envié. Mire el SMS e inténtelo de nuevo.",
  expired: "Ese código ha caducado.",
  verified: "Gracias, ya sé que es usted. ¿En qué puedo ayudarle?",
  useless: "No he pedido ese código aquí.",
  which_card: "¿Qué tarjeta debo bloquear? Escriba: bloquear, y las cuatro últimas cifras.",
  blocked: "La tarjeta terminada en {} está bloqueada.",
  already_blocked: "La tarjeta terminada en {} ya estaba bloqueada.",
  unknown_card: "No tiene ninguna tarjeta terminada en {}.",
  balance: "{}: {}.",
  not_now: "No puedo consultar sus cuentas ahora. Un compañero le atiende.",
};

const DE: Record<BankingText, string> = {
  code_sent: "Erst muss ich wissen, dass Sie es sind: Ein Code ist per SMS unterwegs an die " +
    "Nummer, die wir von Ihnen haben. Bitte schreiben Sie ihn hier.",
  code_awaited: "Ich habe Ihnen einen Code per SMS geschickt. Bitte schreiben Sie ihn hier.",
  code_not_sent:
    "Ich konnte gerade keinen Code schicken. Bitte versuchen Sie es später noch einmal.",
  too_many_codes: "Ich habe schon mehrere Codes geschickt. Bitte versuchen Sie es in einer Stunde.",
  person: "Ich kann hier nicht prüfen, wer Sie sind. Ein Mitarbeiter übernimmt.",
  wrong: "Das ist nicht der Code, den ich geschickt habe. Bitte sehen Sie in der SMS nach.",
  expired: "Dieser Code ist abgelaufen.",
  verified: "Danke, jetzt weiß ich, dass Sie es sind. Was kann ich für Sie tun?",
  useless: "Um diesen Code habe ich hier nicht gebeten.",
  which_card:
    "Welche Karte soll ich sperren? Bitte schreiben Sie: sperren, und die letzten vier Ziffern.",
  blocked: "Die Karte mit der Endung {} ist gesperrt.",
  already_blocked: "Die Karte mit der Endung {} war schon gesperrt.",
  unknown_card: "Sie haben keine Karte mit der Endung {}.",
  balance: "{}: {}.",
  not_now: "Ich komme gerade nicht an Ihre Konten. Ein Mitarbeiter übernimmt.",
};

const TEXTS: Record<Language, Record<BankingText, string>> = { en: EN, pt: PT, es: ES, de: DE };

/** The text in that language, with `values` in the places that it has for them. */
export function bankingText(text: BankingText, language: Language, ...values: string[]): string {
  return values.reduce((said, value) => said.replace("{}", () => value), TEXTS[language][text]);
}
