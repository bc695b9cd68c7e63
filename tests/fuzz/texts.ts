/** Texts that have broken something somewhere. */
import type { Random } from "./random.ts";

const TEXTS = [
  ...["", " ", "\u0000", "a\u0000b", "\u001b", "\u001b0000", "\u001b[31m", "\ufeff", "\uffff"],
  ...[
    "%",
    "%%",
    "%zz",
    "%00",
    "%25",
    "%2525252541",
    "%u0041",
    "+",
    "a+b",
    "&amp;",
    "=&=",
    "#",
    "?",
  ],
  ...["1e309", "-0", "NaN", "9".repeat(400), "0x10", "1".repeat(30) + ".5", "-1", "99999999999999"],
  ...["null", "undefined", "true", "[object Object]", '{"a":', '"]}', "\\u0000", "\\ud800", "\\x"],
  ...[
    "'; drop table cc_messages; --",
    "$$",
    "{{signature}}",
    "${x}",
    "<script>",
    "../../etc/passwd",
  ],
  ...["👨‍👩‍👧‍👦", "\u202eabc", "e\u0301", "ﷺ", "𝕏", "\u2028", "שלום", "a\u0300".repeat(500), "\r\n\r\n"],
  ...["STOP", "start", "help", "Hello"],
];

/** Names that mean something to a language or a framework. */
const NAMES = [
  ...["__proto__", "constructor", "toString", "toJSON", "hasOwnProperty", "length", "then", "0"],
  ...["", " ", "a[b]", "a[]", "a.b", "\u0000", "Body ", "body", "MediaUrl", "MediaUrl999", "kind"],
  ...["OptOutType", "Latitude", "ListId", "ButtonPayload", "ErrorCode", "MessageStatus", "media"],
  ...["ChannelMetadata", "ReferralSourceId", "NumSegments", "ünïcödé", "😀", "%00", "parameters"],
];

/** One of them, several in one, or a long one. */
export function nastyText(random: Random): string {
  if (random.chance(0.03)) return random.pick(["x", "é", "😀", "%"]).repeat(random.int(1000, 8000));
  return random.several(random.int(1, 3), () => random.pick(TEXTS)).join(random.pick(["", " "]));
}

/** One of them, or one that nobody knows. */
export function nastyName(random: Random): string {
  return random.chance(0.5) ? random.pick(NAMES) : random.word(random.int(1, 12), "AbcXyz019_é");
}
