/** Answers to Twilio: well-formed, and they say what was meant. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseXml } from "../../../../local/twilio_simulator/xml.ts";
import { twiml, twimlResponse } from "../../../../supabase/functions/_shared/twilio/twiml.ts";
import { anyCharacter } from "../../../support/any_character.ts";

Deno.test("twiml() says nothing without a text", () => {
  const silence = `<?xml version="1.0" encoding="UTF-8"?><Response/>`;
  assert.equal(twiml(), silence);
  assert.equal(twiml(""), silence);
});

Deno.test("twiml() sends one message with the text, escaped", () => {
  assert.equal(
    twiml(`a < b && c > d ]]> "e" 'f'`),
    `<?xml version="1.0" encoding="UTF-8"?><Response><Message>` +
      `a &lt; b &amp;&amp; c &gt; d ]]&gt; "e" 'f'</Message></Response>`,
  );
});

Deno.test("twiml() leaves out what XML has no place for", () => {
  assert.ok(twiml("a\u0000\u000b\u001f\ufffe\uffffb\tc\nd").includes(">ab\tc\nd<"));
});

const unit = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 3 }),
  fc.constantFrom("<", ">", "&", "&amp;", "]]>", "<!--", "</Message>", "\u0000", "\ud800", "😀"),
);
const anyText = fc.array(unit, { minLength: 1, maxLength: 20 }).map((units) => units.join(""))
  .filter((text) => text !== "");

/** The Char production of XML 1.0: https://www.w3.org/TR/xml/#charsets */
const ALLOWED = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

Deno.test("twimlResponse() is well-formed and says the text, whatever it is", async () => {
  await fc.assert(fc.asyncProperty(anyText, async (text) => {
    const response = twimlResponse(text);
    assert.equal(response.headers.get("content-type"), "text/xml; charset=utf-8");
    const xml = new TextDecoder("utf-8", { fatal: true }).decode(await response.arrayBuffer());
    assert.match(xml, ALLOWED);
    const expected = [...text.toWellFormed()].filter((each) => ALLOWED.test(each)).join("");
    const [message] = parseXml(xml).children;
    // A message of nothing but white space is none: Twilio has no blank ones.
    if (expected.trim() === "") return assert.equal(message, undefined);
    assert.ok(typeof message === "object" && message.name === "Message");
    assert.equal(message.children.join(""), expected);
  }));
});
