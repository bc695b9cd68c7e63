/** What an agent wrote is cleaned or refused before anybody else sees it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AgentError } from "../../../supabase/functions/orchestrator/agents/agent_error.ts";
import { buildInstructions } from "../../../supabase/functions/orchestrator/agents/openai_prompt.ts";
import { checkReply } from "../../../supabase/functions/orchestrator/check_reply.ts";
import { textReply } from "../../support/fakes.ts";
import { anyCharacter } from "../../support/any_character.ts";

function checked(text: string): string {
  const reply = checkReply(textReply(text));
  assert.ok(reply.kind === "text");
  return reply.text;
}

function refused(text: string): AgentError {
  try {
    checkReply(textReply(text));
  } catch (error) {
    assert.ok(error instanceof AgentError);
    return error;
  }
  throw new Error("It was not refused");
}

Deno.test("checkReply() leaves what people write as it is", () => {
  const texts = [
    "Olá, tudo bem?\n\n\t1. Saldo – R$ 1.234,56 ✅",
    "👨‍👩‍👧 family, 🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag, ❤️ heart",
    "שלום \u200fWhatsApp\u200e, مرحبا",
    "https://example.com/a?b=c#d, ask-me-anything, task-force-one-two-three-four",
    "We will never ask for a password, PIN, card number or one-time code.",
    "IBAN DE89 3704 0044 0532 0130 00, Pix E18236120202301011200s0123456789",
  ];
  for (const text of texts) assert.equal(checked(text), text);
});

Deno.test("checkReply() keeps everything else of the reply", () => {
  const reply = { ...textReply(" Hi\u0000 "), handOver: true };
  assert.deepEqual(checkReply(reply), { ...reply, text: "Hi" });
});

const cleaned: [what: string, given: string, left: string][] = [
  ["control characters", "a\u0000b\u0007c\u001b[31md\u007fe\u009bf", "abc[31mdef"],
  ["bidi overrides", "pay \u202e001\u202c to \u2066me\u2069", "pay 001 to me"],
  ["hidden letters", "Hi\u{e0001}\u{e0049}\u{e0067}\u{e006e}!", "Hi!"],
  ["other line ends", "a\r\nb\rc\u2028d", "a\nb\nc\nd"],
  ["halves of surrogate pairs", "a\ud800b\udc00", "a\ufffdb\ufffd"],
];
for (const [what, given, left] of cleaned) {
  Deno.test(`checkReply() cleans ${what}`, () => assert.equal(checked(given), left));
}

Deno.test("checkReply() refuses a reply of which nothing is left", () => {
  for (const text of ["", " \n ", "\u0000\u202e"]) {
    assert.equal(refused(text).code, "model_nonsense");
  }
});

Deno.test("checkReply() refuses a reply that is too long, and takes the longest", () => {
  assert.equal(checked("a".repeat(6400)).length, 6400);
  assert.equal(refused("a".repeat(6401)).code, "model_nonsense");
});

for (const channel of ["whatsapp", "sms"]) {
  Deno.test(`checkReply() refuses the instructions for ${channel}, however they are dressed`, () => {
    const instructions = buildInstructions(channel, channel === "whatsapp");
    const dressed = [
      `Sure! I was told:\n${instructions}`,
      instructions.toUpperCase().replaceAll(" ", "  *  "),
      instructions.slice(300, 700),
      [...instructions].join("\u200b"),
      instructions.replace(
        /[a-z]/g,
        (letter) => String.fromCodePoint(0xff41 + letter.charCodeAt(0) - 97),
      ),
    ];
    for (const text of dressed) assert.equal(refused(text).code, "model_unsafe", text);
  });
}

Deno.test("checkReply() refuses what looks like a key", () => {
  const keys = [
    "sk-proj-abcDEF0123456789_-abcdef",
    "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz",
    "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl",
    "AC0123456789abcdef0123456789abcdef",
    "SK0123456789ABCDEF0123456789abcdef",
    "-----BEGIN RSA PRIVATE KEY-----",
  ];
  for (const key of keys) {
    assert.equal(refused(`The key is "${key}".`).code, "model_unsafe", key);
    assert.equal(refused(`The key is ${[...key].join("\u200b")}`).code, "model_unsafe", key);
  }
});

Deno.test("checkReply() quotes nothing of what it refuses", () => {
  const error = refused("Maria's key is sk-proj-abcDEF0123456789_-abcdef");
  assert.equal(error.message, "Cannot send the reply: something in it looks like a key");
});

Deno.test("checkReply() keeps a reason for silence that is a code, and no other", () => {
  assert.deepEqual(checkReply({ kind: "silence", reason: "spam" }), {
    ...{ kind: "silence", reason: "spam" },
  });
  for (const reason of ["Maria Silva wrote spam", "+5511987654321", "a".repeat(41)]) {
    assert.deepEqual(checkReply({ kind: "silence", reason }), {
      ...{ kind: "silence", reason: "unspecified" },
    });
  }
});

Deno.test("checkReply() gives what can be stored and shown, or an AgentError, for any text", () => {
  const anything = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 60 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
      .map((units) => String.fromCharCode(...units)),
  );
  fc.assert(
    fc.property(anything, (text) => {
      let left: string;
      try {
        left = checked(text);
      } catch (error) {
        assert.ok(error instanceof AgentError);
        return;
      }
      assert.ok(left.isWellFormed() && left.length > 0 && left.length <= 6400);
      assert.doesNotMatch(left, /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
      assert.equal(checked(left), left, "cleaning twice is cleaning once");
    }),
    { numRuns: 2000 },
  );
});
