/** Long replies leave as several messages, cut where a reader would pause. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { splitReply } from "../../../supabase/functions/orchestrator/split_reply.ts";

Deno.test("splitReply() leaves a text whole that fits", () => {
  assert.deepEqual(splitReply("Good morning!"), ["Good morning!"]);
  assert.deepEqual(splitReply("a".repeat(1600)), ["a".repeat(1600)]);
  assert.deepEqual(splitReply("  a b \n"), ["a b"]);
});

Deno.test("splitReply() cuts at 1600 UTF-16 units", () => {
  assert.deepEqual(splitReply("a".repeat(1601)), ["a".repeat(1600), "a"]);
  assert.deepEqual(splitReply("😀".repeat(801)), ["😀".repeat(800), "😀"]);
});

Deno.test("splitReply() cuts after a line, else after a sentence, else after a word", () => {
  assert.deepEqual(splitReply("The first line\nB. C d e", 20), ["The first line", "B. C d e"]);
  assert.deepEqual(splitReply("One two. Three four five", 20), ["One two. Three four", "five"]);
  assert.deepEqual(splitReply("One two tree. Four five", 20), ["One two tree.", "Four five"]);
  assert.deepEqual(splitReply("One two three four five", 20), ["One two three four", "five"]);
  assert.deepEqual(splitReply(`He said "no." Then he left`, 20), [`He said "no."`, "Then he left"]);
});

Deno.test("splitReply() cuts a word at its limit, and no pause too near the start", () => {
  assert.deepEqual(splitReply("a " + "b".repeat(12), 10), ["a bbbbbbbb", "bbbb"]);
});

/** What must not be torn: letters with marks, flags, families, skin tones, halves of pairs. */
const grapheme = fc.constantFrom(
  ...["a", "é", "e\u0301", "ß", "中", "한", "नि", "😀", "👍🏽", "🇧🇷", "👨‍👩‍👧‍👦", "🏳️‍🌈", "z\u0301\u0323"],
);
const anyText = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: grapheme },
    {
      weight: 2,
      arbitrary: fc.constantFrom(" ", "  ", "\n", "\n\n", "\r\n", ". ", "! ", "。", "…"),
    },
  ),
  { minLength: 1, maxLength: 120 },
).map((pieces) => pieces.join("")).filter((text) => text.trim() !== "");
const anyMaximum = fc.integer({ min: 12, max: 40 });

const withoutSpace = (text: string) => text.replace(/\s+/g, "");
const graphemes = (text: string) => [...new Intl.Segmenter().segment(text)].map((it) => it.segment);

Deno.test("splitReply() loses nothing but white space", () => {
  fc.assert(
    fc.property(anyText, anyMaximum, (text, maximum) => {
      assert.equal(withoutSpace(splitReply(text, maximum).join("")), withoutSpace(text));
    }),
    { numRuns: 500 },
  );
});

Deno.test("splitReply() makes parts within the limit, none of them empty or padded", () => {
  fc.assert(
    fc.property(anyText, anyMaximum, (text, maximum) => {
      for (const part of splitReply(text, maximum)) {
        assert.ok(part.length >= 1 && part.length <= maximum, `${part.length} units`);
        assert.equal(part, part.trim());
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("splitReply() never cuts inside what a reader sees as one character", () => {
  fc.assert(
    fc.property(anyText, anyMaximum, (text, maximum) => {
      const parts = splitReply(text, maximum).flatMap(graphemes).filter((each) => each.trim());
      assert.deepEqual(parts, graphemes(text).filter((each) => each.trim()));
    }),
    { numRuns: 500 },
  );
});

Deno.test("splitReply() never cuts half a surrogate pair, even in a character over the limit", () => {
  const giant = "😀" + "\u0301".repeat(2) + "👍🏽".repeat(5) + "\u200d😀".repeat(20);
  for (let maximum = 2; maximum < 20; maximum++) {
    const parts = splitReply(giant, maximum);
    assert.equal(parts.join(""), giant);
    for (const part of parts) {
      assert.ok(part.isWellFormed() && part.length <= maximum, `${maximum}`);
    }
  }
});
