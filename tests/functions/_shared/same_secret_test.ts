/** Keys are compared whole, and an empty one opens nothing. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { isOneOf } from "../../../supabase/functions/_shared/same_secret.ts";

Deno.test("isOneOf() accepts each of the keys", () => {
  assert.equal(isOneOf("first", ["first", "second"]), true);
  assert.equal(isOneOf("second", ["first", "second"]), true);
});

Deno.test("isOneOf() refuses a key that is missing, empty, shorter, longer or another", () => {
  for (const given of [undefined, "", "firs", "first ", "First", "firstsecond", "third"]) {
    assert.equal(isOneOf(given, ["first", "second"]), false, `"${given}"`);
  }
  assert.equal(isOneOf("first", []), false);
  assert.equal(isOneOf("", [""]), false);
});

Deno.test("isOneOf() says what === says of any two texts", () => {
  const someText = fc.oneof(fc.string(), fc.constantFrom("a", "b", "ab", "é", "e\u0301"));
  fc.assert(fc.property(someText, someText, (given, key) => {
    assert.equal(isOneOf(given, [key]), given !== "" && given === key);
  }));
});
