/** The search itself: it finds what it must, or all that builds upon it proves nothing. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { findIn, personal } from "./personal_data.ts";

Deno.test("findIn() finds personal data as it is, in capitals, in JSON, in a URL and in base64", () => {
  fc.assert(fc.property(personal, (text) => {
    const base64 = btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const places = [
      `{"a":"${text}"}`,
      `says ${JSON.stringify({ text })}`,
      `https://x.test/${encodeURIComponent(text)}?a`,
      new URLSearchParams({ text }).toString(),
      `basic ${base64}`,
    ];
    for (const place of places) assert.deepEqual(findIn(place, [text]), [text], place);
    assert.deepEqual(findIn("turn 7 failed with 57014", [text]), []);
  }));
});

Deno.test("findIn() finds a number without its country, and with other separators", () => {
  assert.equal(findIn("called 1198765432 1", ["+5511987654321"]).length, 1);
  assert.equal(findIn("card 4111-1111-1111-1111", ["4111 1111 1111 1111"]).length, 1);
  assert.equal(findIn("Mr. SOMEBODYSNAME called", ["somebodysname other"]).length, 1);
});
