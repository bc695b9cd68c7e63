/** Twilio's form bodies, whatever is in them. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { firstValue, parseForm } from "../../../../supabase/functions/_shared/twilio/form.ts";

Deno.test("parseForm() decodes names and values", () => {
  const form = parseForm("Body=Ol%C3%A1+%F0%9F%98%80&From=whatsapp%3A%2B55&a%20b=%2B+%2B");
  assert.deepEqual({ ...form }, { Body: "Olá 😀", From: "whatsapp:+55", "a b": "+ +" });
});

Deno.test("parseForm() keeps all values of a repeated name, in order", () => {
  assert.deepEqual({ ...parseForm("a=1&b=x&a=3&a=2&b=") }, { a: ["1", "3", "2"], b: ["x", ""] });
});

Deno.test("parseForm() understands what is hardly a form", () => {
  assert.deepEqual({ ...parseForm("") }, {});
  assert.deepEqual({ ...parseForm("&&a&=b&c==&%") }, { a: "", "": "b", c: "=", "%": "" });
  assert.deepEqual({ ...parseForm("a=%00&b=%ff&c=%zz") }, { a: "\u0000", b: "\ufffd", c: "%zz" });
});

Deno.test("parseForm() knows no names but those in the form", () => {
  const form = parseForm("x=1");
  for (const name of ["constructor", "toString", "__proto__"]) {
    assert.equal(firstValue(form, name), undefined);
  }
  assert.equal(firstValue(parseForm("__proto__=x"), "__proto__"), "x");
  assert.deepEqual(parseForm("__proto__=x&__proto__=y")["__proto__"], ["x", "y"]);
});

Deno.test("firstValue() gives the first value, or undefined", () => {
  const form = parseForm("a=1&b=2&b=3&c=");
  const values = ["a", "b", "c", "d"].map((name) => firstValue(form, name));
  assert.deepEqual(values, ["1", "2", "", undefined]);
});

Deno.test("parseForm() reads back what a form was made of", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 });
  fc.assert(fc.property(fc.array(fc.tuple(text, text), { maxLength: 20 }), (pairs) => {
    const form = parseForm(new URLSearchParams(pairs).toString());
    for (const [name] of pairs) {
      const expected = pairs.filter(([other]) => other === name).map(([, value]) => value);
      assert.deepEqual([form[name]].flat(), expected);
    }
    assert.equal(Object.keys(form).length, new Set(pairs.map(([name]) => name)).size);
  }));
});
