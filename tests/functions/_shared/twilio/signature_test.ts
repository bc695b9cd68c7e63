/** The signature module against Twilio's published vectors and against Twilio's own package. */
import assert from "node:assert/strict";
import fc from "fast-check";
import twilio from "twilio/lib/webhooks/webhooks.js";
import {
  type Parameters,
  sign,
  verifySignature,
} from "../../../../supabase/functions/_shared/twilio/signature.ts";
import vectors from "../../../fixtures/signature_vectors.json" with { type: "json" };
import { anyCharacter } from "../../../support/any_character.ts";

interface Vector {
  name: string;
  kind: string;
  authToken: string;
  url: string;
  params: Record<string, string | string[]>;
  signature: string;
  valid: boolean;
  body?: string;
}

for (const vector of vectors as unknown as Vector[]) {
  Deno.test(`verifySignature() answers ${vector.valid} to the vector "${vector.name}"`, () => {
    const { authToken, url, params, signature, valid } = vector;
    const rawBody = vector.kind === "json" ? vector.body : undefined;
    const request = { authTokens: [authToken], url, parameters: params, signature, rawBody };
    assert.equal(verifySignature(request), valid);
    const asMap = new Map(Object.entries(params));
    assert.equal(verifySignature({ ...request, parameters: asMap }), valid, "as a Map");
  });
}

const anyText = fc.string({ unit: anyCharacter, maxLength: 40 });
const name = fc.oneof(anyText, fc.constantFrom("Body", "From", "MediaUrl0", "Reason", "ReasonX"))
  .filter((text) => text !== "__proto__");
const parameters = fc.dictionary(name, fc.oneof(anyText, fc.array(anyText, { maxLength: 5 })), {
  noNullPrototype: true,
});
const piece = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: anyCharacter, maxLength: 4 }),
  fc.constantFrom(
    "a b",
    "%20",
    "%C3%A9",
    "é",
    "it's",
    "a+b",
    "//",
    "..",
    "=",
    "&",
    "[x]",
    "%",
    "@",
    ":",
  ),
);
const url = fc.record({
  scheme: fc.constantFrom("http://", "https://", "HTTPS://", "wss://", "", "mailto:"),
  credentials: fc.oneof(
    fc.constant(""),
    fc.constantFrom("user:pass@", "u@", "a@b@"),
    piece.map((p) => `${p}@`),
  ),
  host: fc.constantFrom(
    "example.com",
    "Example.COM",
    "[::1]",
    "127.0.0.1",
    "bücher.example",
    "a_b",
    "",
  ),
  port: fc.constantFrom("", ":443", ":80", ":8443", ":0", ":", ":x"),
  path: fc.array(piece, { maxLength: 3 }).map((parts) => parts.map((part) => `/${part}`).join("")),
  query: fc.oneof(
    fc.constant(""),
    fc.array(fc.tuple(piece, piece), { maxLength: 4 })
      .map((pairs) => "?" + pairs.map(([key, value]) => `${key}=${value}`).join("&")),
  ),
  fragment: fc.constantFrom("", "", "", "#rc=3&rp=all"),
}).map((parts) => Object.values(parts).join(""));
const token = fc.string({ minLength: 1, maxLength: 40 });

Deno.test("sign() gives the signature that Twilio's own package gives", () => {
  fc.assert(fc.property(token, url, parameters, (token, url, parameters) => {
    assert.equal(sign(token, url, parameters), expected(token, url, parameters));
  }));
});

Deno.test("verifySignature() accepts each spelling of a URL that Twilio's package accepts", () => {
  fc.assert(
    fc.property(token, url, parameters, fc.func(fc.nat()), (token, url, parameters, pick) => {
      const candidates = otherSpellings(url);
      const signed = candidates[pick(url) % candidates.length] ?? url;
      agree(token, url, parameters, expected(token, signed, parameters));
    }),
    { numRuns: 500 },
  );
});

Deno.test("verifySignature() refuses what Twilio's package refuses when anything was changed", () => {
  fc.assert(
    fc.property(token, url, parameters, parameters, anyText, (token, url, one, two, text) => {
      const signature = expected(token, url, one);
      agree(token, url, two, signature);
      agree(token, url, { ...one, Extra: text }, signature);
      agree(token, url + text, one, signature);
      agree(token, url, one, text);
      agree(token, url, one, signature.toLowerCase());
      agree(token + text, url, one, signature);
    }),
  );
});

Deno.test("verifySignature() checks the hash of a JSON body as Twilio's package does", () => {
  const url = "https://example.com/in?bodySHA256=";
  fc.assert(fc.property(token, anyText, anyText, (token, body, other) => {
    const signed = url + twilio.getExpectedBodyHash(body);
    const signature = expected(token, signed, {});
    const request = { authTokens: [token], url: signed, parameters: {}, signature };
    assert.equal(verifySignature({ ...request, rawBody: body }), true);
    assert.equal(verifySignature({ ...request, rawBody: new TextEncoder().encode(body) }), true);
    const answer = twilio.validateRequestWithBody(token, signature, signed, other);
    assert.equal(verifySignature({ ...request, rawBody: other }), answer);
  }));
});

Deno.test("verifySignature() accepts either token while the account's token is rotated", () => {
  const [url, parameters] = ["https://example.com/in", { Body: "Oi" }];
  const request = { authTokens: ["old", "new"], url, parameters };
  assert.equal(verifySignature({ ...request, signature: sign("old", url, parameters) }), true);
  assert.equal(verifySignature({ ...request, signature: sign("new", url, parameters) }), true);
  assert.equal(verifySignature({ ...request, signature: sign("other", url, parameters) }), false);
});

Deno.test("verifySignature() refuses when no token, or an empty one, is configured", () => {
  const [url, parameters] = ["https://example.com/in", {}];
  const signature = sign("", url, parameters);
  assert.equal(verifySignature({ authTokens: [], url, parameters, signature }), false);
  assert.equal(verifySignature({ authTokens: [""], url, parameters, signature }), false);
});

Deno.test("verifySignature() answers false, and never throws, to input of any kind", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), fc.anything(), (a, b, c, d) => {
      const request = { authTokens: a, url: b, parameters: c, signature: d };
      assert.equal(verifySignature(request as never), false);
      assert.equal(
        verifySignature({ ...request, authTokens: ["t"], signature: "s" } as never),
        false,
      );
    }),
  );
  assert.equal(verifySignature(undefined as never), false);
});

function expected(token: string, url: string, parameters: Parameters): string {
  return twilio.getExpectedTwilioSignature(token, url, { ...parameters });
}

/** Twilio's package throws where ours answers false. */
function agree(token: string, url: string, parameters: Parameters, signature: string): void {
  const request = { authTokens: [token], url, parameters, signature };
  assert.equal(verifySignature(request), twilioAnswer(token, signature, url, parameters), url);
}

function twilioAnswer(token: string, signature: string, url: string, parameters: Parameters) {
  try {
    return twilio.validateRequest(token, signature, url, { ...parameters });
  } catch {
    return false;
  }
}

function otherSpellings(url: string): string[] {
  const written = URL.canParse(url) ? new URL(url).toString() : url;
  const [start, query] = [written.slice(0, written.indexOf("?") + 1), written.split("?")[1] ?? ""];
  const known = [url, written].flatMap((each) => [
    each,
    each.replace(/:\d+(?=[/?#]|$)/, ""),
    each.replace(/^(https:\/\/[^/?#]*)/i, "$1:443"),
    each.replace(/^(http:\/\/[^/?#]*)/i, "$1:80"),
  ]);
  const older = new URLSearchParams(query).toString();
  return [...known, start + older, start + older.replaceAll("+", "%20")];
}
