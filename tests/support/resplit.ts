/**
 * Other requests with the signature of a given one: Twilio signs URL, names and values without
 * delimiters, so that whoever has a signed request can move bytes between all of them.
 */
import fc from "fast-check";
import type { Parameters } from "../../supabase/functions/_shared/twilio/signature.ts";

export interface Split {
  /** From the function's name on, query string included. */
  path: string;
  parameters: Record<string, string>;
}

/** Names at which an attacker would cut, since we read them. */
const WANTED =
  /AccountSid|Body|ErrorCode|ErrorMessage|From|MessageSid|MessageStatus|ProfileName|SmsStatus|To/g;

/** What is signed after the URL of the functions. */
export function signedTail(path: string, parameters: Parameters): string {
  const entries = Object.entries(parameters as Record<string, string>);
  return path + entries.sort(([a], [b]) => (a < b ? -1 : 1)).flat().join("");
}

/** Any way to cut these bytes into one of our routes and parameters in Twilio's order. */
export function anySplit(tail: string): fc.Arbitrary<Split> {
  const paths = ["/twilio-webhook", ...(tail.startsWith("/twilio-webhook/status") ? [STATUS] : [])];
  return fc.constantFrom(...paths).chain((route) =>
    fc.record({
      queryLength: fc.oneof(fc.constant(0), fc.constant(48), fc.nat(tail.length)),
      isCut: fc.func(fc.integer({ min: 0, max: 3 })),
      nameLength: fc.func(fc.nat(12)),
    }).map(({ queryLength, isCut, nameLength }) => {
      const query = queryOf(tail.slice(route.length), queryLength);
      const rest = tail.slice(route.length + query.length);
      const starts = [...rest.matchAll(WANTED)].filter(({ index }) => isCut(index) > 0);
      const pieces = cut(rest, starts.map(({ index, 0: name }) => ({ index, name })));
      return {
        path: route + query,
        parameters: inOrder(pieces.map(({ text, name }) => ({
          name: name ?? text.slice(0, nameLength(text)),
          text,
        }))),
      };
    })
  );
}

const STATUS = "/twilio-webhook/status";

/** Only what URL() leaves as it is: it drops a lone question mark. */
function queryOf(rest: string, length: number): string {
  return rest.slice(0, length).match(/^\?[A-Za-z0-9_=:+.-]+/)?.[0] ?? "";
}

interface Piece {
  text: string;
  /** Undefined: whatever stands before the first cut. */
  name: string | undefined;
}

function cut(text: string, starts: { index: number; name: string }[]): Piece[] {
  const ends = [...starts.slice(1).map(({ index }) => index), text.length];
  const first = starts[0]?.index ?? text.length;
  return [
    ...(first > 0 ? [{ text: text.slice(0, first), name: undefined }] : []),
    ...starts.map(({ index, name }, n) => ({ text: text.slice(index, ends[n]), name })),
  ];
}

/** A piece whose name does not come after the last one is the end of that one's value. */
function inOrder(pieces: { name: string; text: string }[]): Record<string, string> {
  const parameters: [string, string][] = [];
  for (const { name, text } of pieces) {
    const last = parameters.at(-1);
    if (last && name <= last[0]) last[1] += text;
    else parameters.push([name, text.slice(name.length)]);
  }
  return Object.fromEntries(parameters);
}
