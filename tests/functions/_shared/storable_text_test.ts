/** Texts that Postgres cannot store come back equal. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  fromStorable,
  toStorable,
  toStorableJson,
} from "../../../supabase/functions/_shared/storable_text.ts";

/** Any UTF-16 at all, and often what is difficult: NUL, the escape, halves of surrogate pairs. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom("\u0000", "\u001b", "0", "d", "\ud83d", "\ude00", "😀", "a"),
);
const anyText = fc.array(unit, { maxLength: 30 }).map((units) => units.join(""));

/** Postgres' rule for text in UTF-8. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\u0000");
}

Deno.test("toStorable() gives what Postgres can store, for any text", () => {
  fc.assert(fc.property(anyText, (text) => isStorable(toStorable(text))), { numRuns: 1000 });
});

Deno.test("fromStorable() gives back any text that toStorable() was given", () => {
  fc.assert(
    fc.property(anyText, (text) => assert.equal(fromStorable(toStorable(text)), text)),
    { numRuns: 1000 },
  );
});

Deno.test("toStorable() changes no text that people write", () => {
  const texts = ["", "Olá, tudo bem?", "👨‍👩‍👧 família\r\n\tfim", "שלום \u202e", "\\u0000 %00 &#0;"];
  for (const text of texts) assert.equal(toStorable(text), text);
});

Deno.test("toStorable() writes a NUL, half a pair and the escape as escape and four digits", () => {
  assert.equal(toStorable("a\u0000\ud800b\u001b"), "a\u001b0000\u001bd800b\u001b001b");
});

Deno.test("toStorableJson() changes the texts at every depth, names included, and nothing else", () => {
  const value = { "a\u0000": [{ b: "\u0000" }, 1, true, null], c: "😀" };
  assert.deepEqual(toStorableJson(value), {
    "a\u001b0000": [{ b: "\u001b0000" }, 1, true, null],
    c: "😀",
  });
});

Deno.test("toStorableJson() keeps a name like __proto__ and leaves its argument as it was", () => {
  const value = JSON.parse(`{"__proto__":"x\\u0000"}`);
  assert.equal(JSON.stringify(toStorableJson(value)), `{"__proto__":"x\\u001b0000"}`);
  assert.equal(JSON.stringify(value), `{"__proto__":"x\\u0000"}`);
});
