/**
 * Guesses a text's language from its commonest words. Good enough to greet in the right language,
 * for nothing else; the model tells the language by itself.
 */

/** The languages that the rules speak. */
export const LANGUAGES = ["en", "pt", "es", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Words as `words()` gives them: lower case, without accents. Shared words prove nothing. */
const COMMON_WORDS: Record<Language, Set<string>> = {
  en: new Set(
    ("the is are my you your what when where how can could i im we it and please thanks thank " +
      "hello hi hey need want have lost card open hours help with for was not dont good morning " +
      "account balance person human speak transfer agent on this").split(" "),
  ),
  pt: new Set(
    ("o os um uma nao voce voces meu minha oi ola obrigado obrigada quero qual quais quando onde " +
      "posso preciso cartao conta saldo horario bom boa dia tarde noite favor com foi perdi " +
      "roubado tem ajuda falar pessoa atendente e da do esta eu fazer ate").split(" "),
  ),
  es: new Set(
    ("el los las un una yo mi mis hola gracias quiero cual cuales cuando donde puedo necesito " +
      "tarjeta cuenta saldo horario buenos buenas dias tardes noches favor con fue perdi robado " +
      "tiene ayuda hablar persona agente y del esta usted hacer hasta").split(" "),
  ),
  de: new Set(
    ("der die das ein eine ich mein meine mir mich sie ihr ihre hallo danke bitte was wann wo wie " +
      "kann konnen brauche mochte karte konto kontostand offnungszeiten guten morgen tag abend " +
      "mit und nicht ist sind habe verloren gestohlen hilfe sprechen mensch").split(" "),
  ),
};

/** Letters and signs that one of the four has and the others do not; they weigh as two words. */
const TELLING_SIGNS: [RegExp, Language][] = [
  [/[ãõçâêô]/iu, "pt"],
  [/[ñ¿¡]/iu, "es"],
  [/[äöüß]/iu, "de"],
];

/** The language of `text`, or null when nothing speaks for one of them more than for the rest. */
export function guessLanguage(text: string): Language | null {
  const spoken = words(text);
  const scores = LANGUAGES.map((language) => ({
    language,
    score: spoken.filter((word) => COMMON_WORDS[language].has(word)).length +
      2 * TELLING_SIGNS.filter(([sign, of]) => of === language && sign.test(text)).length,
  })).sort((one, other) => other.score - one.score);
  const [best, second] = scores;
  return best && second && best.score > second.score ? best.language : null;
}

/** The words of `text` in lower case and without accents, so that "Não" and "nao" are one word. */
export function words(text: string): string[] {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
