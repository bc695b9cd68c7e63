import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AgentContext,
  MEDIA_WITHOUT_TEXT,
  Reply,
} from "../../../../supabase/functions/orchestrator/agents/agent.ts";
import { createAnswerBook } from "../../../../supabase/functions/orchestrator/agents/answer_book.ts";
import { LANGUAGES } from "../../../../supabase/functions/orchestrator/agents/language.ts";
import { createRulesAgent } from "../../../../supabase/functions/orchestrator/agents/rules.ts";
import { ANSWER_BOOK, COMMON_ANSWERS } from "../../../support/common_answers.ts";
import { contextOf, messageOf } from "./agent_context.ts";
import { anyCharacter } from "../../../support/any_character.ts";

async function reply(texts: string | string[], overrides: Partial<AgentContext> = {}) {
  const given = await createRulesAgent(ANSWER_BOOK).reply(contextOf(texts, overrides));
  assert(given.kind === "text");
  return given;
}

Deno.test("rules greets in the language of the greeting", async () => {
  assert.match((await reply("Hello")).text, /^Hello! How can I help/);
  assert.match((await reply("Oi, bom dia")).text, /^Olá! Como posso ajudar/);
  assert.match((await reply("¡Hola!")).text, /^¡Hola! ¿En qué puedo/);
  assert.match((await reply("Guten Tag")).text, /^Hallo! Wie kann ich/);
});

Deno.test("rules greets by name when the profile name is a plain name", async () => {
  assert.match((await reply("hi", { customerName: "Ana Lúcia" })).text, /^Hello Ana Lúcia!/);
  assert.match(
    (await reply("hi", { customerName: "Win $$$ at http://x.example" })).text,
    /^Hello!/,
  );
});

Deno.test("rules takes a dollar pattern in no name or text as its own", async () => {
  assert.doesNotMatch((await reply("$& $1 {name}")).text, /\{name\}|\$/);
});

Deno.test("rules answers the question when greeting, question and thanks come together", async () => {
  const { text, language } = await reply(["Olá!", "Qual é o horário da agência?", "Obrigada"]);
  assert.match(text, /horário de uma agência/);
  assert.equal(language, "pt");
});

Deno.test("rules does not answer a whole question with mere courtesy", async () => {
  const { text } = await reply("Hello, why was I charged three euros for a cash machine? Thanks");
  assert.match(text, /cannot answer that.*"person"/);
});

Deno.test("rules hands over when the customer asks for a person, in every language", async () => {
  for (const text of ["a person please", "quero um atendente", "una persona", "einen Menschen"]) {
    const { handOver } = await reply(text);
    assert.equal(handOver, true, text);
  }
});

Deno.test("rules hands over for a lost card and warns not to send its number", async () => {
  const { text, handOver } = await reply("Hilfe, ich habe meine Karte verloren");
  assert.match(text, /weder Kartennummer noch PIN/);
  assert.equal(handOver, true);
});

Deno.test("rules acknowledges media by kind, each kind once, and offers a person", async () => {
  const image = { kind: "image", text: MEDIA_WITHOUT_TEXT, mediaTypes: ["image/jpeg"] };
  const { text, handOver } = await reply([], {
    messages: [
      messageOf({ seq: 1, ...image }),
      messageOf({ seq: 2, ...image }),
      messageOf({ seq: 3, kind: "audio", text: MEDIA_WITHOUT_TEXT, mediaTypes: ["audio/ogg"] }),
    ],
  });
  assert.equal(text.match(/the picture/g)?.length, 1);
  assert.match(text, /the voice message.*"person"/);
  assert.equal(handOver, false);
});

Deno.test("rules answers the caption of a picture", async () => {
  const { text } = await reply([], {
    messages: [
      messageOf({ kind: "image", text: "Qual é o meu saldo?", mediaTypes: ["image/png"] }),
    ],
  });
  assert.match(text, /^Recebi a imagem.*Não vejo contas/);
});

Deno.test("rules keeps to the language of the earlier messages when a word tells nothing", async () => {
  const history = [messageOf({ text: "Ich brauche bitte meinen Kontostand" })];
  assert.equal((await reply("ok", { history })).language, "de");
  assert.equal((await reply("ok")).language, "en");
});

Deno.test("rules has every topic in every language", () => {
  const topics = new Set(COMMON_ANSWERS.map(({ topic }) => topic));
  const rows = COMMON_ANSWERS.map(({ topic, language }) => `${topic} ${language}`);
  const wanted = [...topics].flatMap((topic) =>
    LANGUAGES.map((language) => `${topic} ${language}`)
  );
  assert.deepEqual(rows.toSorted(), wanted.toSorted());
});

Deno.test("rules never fails, whatever is written", async () => {
  const kind = fc.constantFrom("text", "image", "sticker", "location", "constructor");
  const message = fc.record({ text: fc.string({ unit: anyCharacter, maxLength: 300 }), kind });
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: 1, maxLength: 5 }),
      fc.option(fc.string({ unit: "grapheme" })),
      async (sent, customerName) => {
        const messages = sent.map((one, index) => messageOf({ ...one, seq: index + 1 }));
        const given = await createRulesAgent(ANSWER_BOOK).reply(
          contextOf([], { messages, customerName }),
        );
        Reply.parse(given);
        assert.doesNotMatch(JSON.stringify(given), /native code|undefined/);
      },
    ),
  );
});

Deno.test("rules says plainly what it cannot do when nobody wrote an answer", async () => {
  const agent = createRulesAgent(createAnswerBook(() => Promise.reject(new Error("no database"))));
  const given = await agent.reply(contextOf("Guten Tag, was kostet ein Konto?"));
  assert(given.kind === "text");
  assert.match(given.text, /kann das nicht beantworten.*"Mensch"/);
});

Deno.test("rules speaks the language of an answer that it does not know itself", async () => {
  const french = {
    topic: "hours",
    language: "fr",
    phrases: ["horaires"],
    answer: "De 9 h à 17 h.",
  };
  const book = createAnswerBook(() =>
    Promise.resolve([{ ...french, isCourtesy: false, handsOver: false }])
  );
  const given = await createRulesAgent(book).reply(contextOf("Vos horaires ?"));
  assert.deepEqual(given, {
    kind: "text",
    text: "De 9 h à 17 h.",
    language: "fr",
    handOver: false,
  });
});
