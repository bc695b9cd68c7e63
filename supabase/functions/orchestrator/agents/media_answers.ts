/** What the rules say to a message that is not text, and to one that they do not understand. */
import type { Language } from "./language.ts";

/** What each kind of message is called, with the article that "Thank you for …" needs. */
const KIND_NAMES: Record<Language, Record<string, string>> = {
  en: {
    image: "the picture",
    audio: "the voice message",
    video: "the video",
    document: "the document",
    location: "your location",
    contact: "the contact",
    flow: "the form",
    other: "the attachment",
  },
  pt: {
    image: "a imagem",
    audio: "o áudio",
    video: "o vídeo",
    document: "o documento",
    location: "a sua localização",
    contact: "o contato",
    flow: "o formulário",
    other: "o anexo",
  },
  es: {
    image: "la imagen",
    audio: "el audio",
    video: "el vídeo",
    document: "el documento",
    location: "su ubicación",
    contact: "el contacto",
    flow: "el formulario",
    other: "el archivo",
  },
  de: {
    image: "das Bild",
    audio: "die Sprachnachricht",
    video: "das Video",
    document: "das Dokument",
    location: "Ihren Standort",
    contact: "den Kontakt",
    flow: "das Formular",
    other: "den Anhang",
  },
};

const RECEIVED: Record<Language, (thing: string) => string> = {
  en: (thing) => `I have received ${thing}, but I cannot open it.`,
  pt: (thing) => `Recebi ${thing}, mas não consigo abrir.`,
  es: (thing) => `He recibido ${thing}, pero no puedo abrirlo.`,
  de: (thing) => `Ich habe ${thing} erhalten, kann das aber nicht öffnen.`,
};

const OFFER: Record<Language, string> = {
  en: 'Please describe in words what you need, or write "person" and a colleague takes over.',
  pt: 'Descreva em palavras o que precisa, ou escreva "pessoa" e um colega assume.',
  es: 'Describa con palabras lo que necesita, o escriba "persona" y un compañero le atiende.',
  de: "Bitte beschreiben Sie in Worten, was Sie brauchen, " +
    'oder schreiben Sie "Mensch", dann übernimmt ein Mitarbeiter.',
};

const NOT_UNDERSTOOD: Record<Language, string> = {
  en: "I am a simple assistant and cannot answer that. " +
    'Write "person" and a colleague takes over.',
  pt: "Sou um assistente simples e não sei responder a isso. " +
    'Escreva "pessoa" e um colega assume.',
  es: "Soy un asistente sencillo y no sé responder a eso. " +
    'Escriba "persona" y un compañero le atiende.',
  de: "Ich bin ein einfacher Assistent und kann das nicht beantworten. " +
    'Schreiben Sie "Mensch", dann übernimmt ein Mitarbeiter.',
};

/** Says that a message of this kind arrived and was not opened. */
export function acknowledgeMedia(kind: string, language: Language): string {
  const names = KIND_NAMES[language];
  const known = Object.hasOwn(names, kind) ? kind : "other";
  return RECEIVED[language](names[known] ?? known);
}

/** Asks for words in place of media, or offers a person. */
export function offerPerson(language: Language): string {
  return OFFER[language];
}

/** Says plainly that the question cannot be answered here, and offers a person. */
export function admitIgnorance(language: Language): string {
  return NOT_UNDERSTOOD[language];
}
