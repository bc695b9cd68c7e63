/** The many ways to write the same form, all of which mean the same. One character a byte. */
import type { Pairs } from "./fuzz_case.ts";
import type { Random } from "./random.ts";

/** A value that is no UTF-8: its bytes, and the text that every decoder of forms makes of them. */
export interface Broken {
  bytes: string;
  text: string;
}

/** The bytes of a broken text, which stands in pairs as its `text`. */
export type BrokenTexts = ReadonlyMap<string, string>;

type Style = (byte: number, random: Random) => string;

const percent = (byte: number) => `%${byte.toString(16).padStart(2, "0")}`;
const isPlain = (byte: number) => /[A-Za-z0-9*._-]/.test(String.fromCharCode(byte));

const STYLES: Style[] = [
  (byte) => isPlain(byte) ? String.fromCharCode(byte) : byte === 32 ? "+" : percent(byte),
  (byte) => isPlain(byte) ? String.fromCharCode(byte) : percent(byte).toUpperCase(),
  (byte, random) => random.chance(0.5) ? percent(byte) : percent(byte).toUpperCase(),
  // Nothing is escaped but what has a meaning of its own.
  (byte) => "&=+%#".includes(String.fromCharCode(byte)) ? percent(byte) : String.fromCharCode(byte),
];

/** The form in one of its spellings, with separators that mean nothing here and there. */
export function formBytes(pairs: Pairs, broken: BrokenTexts, random: Random): string {
  const style = random.pick(STYLES);
  const write = (text: string) => {
    const bytes = broken.get(text);
    // Half a character followed by raw ones would mean another text.
    if (bytes !== undefined) return [...bytes].map((at) => percent(at.charCodeAt(0))).join("");
    return [...new TextEncoder().encode(text)].map((byte) => style(byte, random)).join("");
  };
  const written = pairs.map(([name, value]) => {
    const isBare = value === "" && name !== "" && random.chance(0.5);
    return isBare ? write(name) : `${write(name)}=${write(value)}`;
  });
  const extra = () => random.chance(0.05) ? "&&" : "&";
  return written.reduce((form, pair, n) => n === 0 ? pair : form + extra() + pair, "") +
    (random.chance(0.05) ? "&" : "");
}

/** A text that is broken UTF-8. */
export function brokenText(random: Random): Broken {
  const bytes = "x" + random.pick([
    ...["\xff\xfe", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc0\xaf", "\xed\xa0\x80", "\xed\xbf\xbf"],
    ...["\xf4\x90\x80\x80", "\x80\x80\x80", "a\xe9b", "\xf8\x88\x80\x80\x80"],
  ]) + random.word(6);
  const text = new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(Uint8Array.from(bytes, (at) => at.charCodeAt(0)));
  return { bytes, text };
}
