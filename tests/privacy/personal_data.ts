/** Personal data that nobody has: each piece unique, and long enough to be searched for. */
import fc from "fast-check";
import { anyCharacter } from "../support/any_character.ts";

const digit = fc.integer({ min: 0, max: 9 }).map(String);
const digits = (count: number) =>
  fc.array(digit, { minLength: count, maxLength: count }).map((all) => all.join(""));
const letters = (alphabet: string, count: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength: count, maxLength: count })
    .map((all) => all.join(""));

const LATIN = "abcdefghijklmnopqrstuvwxyz";
const OTHERS = "áçéñöüßøłžабвгдежзиклмнαβγδεζאבגדהوزحطي王李張佐藤นาย😀👩‍👧".normalize();

const phone = digits(10).map((rest) => `+55${rest}1`);
const email = letters(LATIN, 14).map((name) => `${name}@bank.test`);
const iban = digits(20).map((rest) => `DE${rest}`);
const card = digits(16).map((all) => all.replace(/(.{4})(?=.)/g, "$1 "));
const person = fc.tuple(letters(LATIN, 12), letters(OTHERS, 10))
  .map(([first, last]) => `${first} ${last}`);
const street = fc.tuple(letters(LATIN, 13), digits(4)).map(([name, n]) => `Rua ${name}, ${n}/7`);
/** It looks like a word that we might use ourselves. */
const word = fc.tuple(letters(LATIN, 9), letters(LATIN, 9)).map((both) => both.join("_"));
const binary = fc.tuple(
  fc.string({ unit: anyCharacter, minLength: 2, maxLength: 8 }),
  letters(LATIN, 14),
)
  .map(([any, tail]) => `${any.toWellFormed().replace(/[\s+%&=]/g, "x")}${tail}`);

/** One piece of personal data, of any sort. */
export const personal: fc.Arbitrary<string> = fc.oneof(
  ...[phone, email, iban, card, person, street, word, binary],
);
/** One that can be the number somebody writes from. */
export const phoneNumber: fc.Arbitrary<string> = phone;

/** All that must not be found where this was: its spellings, and pieces that still name somebody. */
function traces(text: string): string[] {
  const number = text.replace(/\D/g, "");
  const spellings = [
    text,
    encodeURIComponent(text),
    new URLSearchParams([["", text]]).toString().slice(1),
    JSON.stringify(text).slice(1, -1),
    JSON.stringify(text).slice(1, -1).replace(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
    btoa(String.fromCharCode(...new TextEncoder().encode(text))).replace(/=+$/, ""),
    ...text.split(/[\s,@_]+/).filter((piece) => piece.length >= 9),
    // Ten digits are a whole number without its country.
    ...(number.length >= 10 ? [number, number.slice(-10)] : []),
  ];
  return [...new Set(spellings.map((spelling) => spelling.toLowerCase()))];
}

/** Which of these pieces are found in the text, in any spelling. */
export function findIn(haystack: string, pieces: readonly string[]): string[] {
  const text = haystack.toLowerCase();
  // "4111 1111" and "4111-1111" are the same number.
  const joined = text.replace(/(?<=\d)[ .()-]+(?=\d)/g, "");
  return pieces.filter((piece) =>
    traces(piece).some((trace) => text.includes(trace) || joined.includes(trace))
  );
}
