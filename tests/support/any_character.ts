/** Any character that may stand in a text, for `fc.string({ unit: anyCharacter })`. */
import fc from "fast-check";

const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;
const LAST = 0x10ffff;

/**
 * Every code point but the halves of a pair, each as likely as the next: what `unit: "binary"`
 * gives, which first makes a table of all of them and costs three seconds in each file.
 */
export const anyCharacter: fc.Arbitrary<string> = fc.integer({ min: 0, max: LAST - SURROGATES })
  .map(
    (index) => String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
    indexOf,
  );

/** Throws where fast-check asks whether its own texts, of any value, are made of such characters. */
function indexOf(value: unknown): number {
  if (typeof value !== "string") throw new TypeError("A character is a text");
  const point = value.codePointAt(0) ?? 0;
  const isHalf = point >= FIRST_SURROGATE && point < FIRST_SURROGATE + SURROGATES;
  if (value !== String.fromCodePoint(point) || isHalf) throw new TypeError("Not one character");
  return point < FIRST_SURROGATE ? point : point - SURROGATES;
}
