/**
 * The workflow: classify → look up → draft → check → answer or hand over. A team with a graph of its
 * own replaces this file; all that is asked of it is `createGraph`.
 */
import { Annotation, END, START, StateGraph } from "@langchain/langgraph/web";
import type { CommonAnswer } from "../../agent_database.ts";
import { type AgentContext, MEDIA_WITHOUT_TEXT, type Reply } from "../agent.ts";
import { AgentError } from "../agent_error.ts";
import { findAnswers, matchAnswer } from "../answer_book.ts";
import { guessLanguage } from "../language.ts";
import type { GraphDeps, ReplyGraph } from "../langgraph.ts";
import { toReply } from "../openai.ts";
import type { ModelAnswer } from "../openai_prompt.ts";

const State = Annotation.Root({
  context: Annotation<AgentContext>(),
  /** The operator's answer that settles it without a model: a person is wanted. */
  settled: Annotation<CommonAnswer | null>(),
  knowledge: Annotation<string[]>(),
  draft: Annotation<ModelAnswer>(),
  /** Why a person should take over; null when the draft may go out as it is. */
  doubt: Annotation<string | null>(),
  reply: Annotation<Reply>(),
});
type State = typeof State.State;

/** What no reply of ours asks for or repeats: a card's number, a PIN, a password, a code. */
const ASKS_FOR_SECRETS =
  /\b(?:\d[ -]?){13,19}\b|\b(?:send|tell|give|envie|informe|digite|escriba|schicken)\b[^.!?]{0,40}\b(?:pin|cvv|password|senha|contraseña|passwort)\b/iu;

/** Compiles the workflow. */
export function createGraph({ model, answers }: GraphDeps): ReplyGraph {
  async function classify({ context }: State) {
    const said = saidIn(context);
    const answer = matchAnswer(await answers.all(), said, guessLanguage(said));
    return { settled: answer?.handsOver ? answer : null };
  }

  async function lookUp({ context }: State) {
    const found = findAnswers(await answers.all(), saidIn(context));
    return { knowledge: found.map(({ answer }) => answer.replaceAll("{name}", "")) };
  }

  async function draft({ context, knowledge }: State) {
    if (!model) {
      throw new AgentError("model_unauthorized", "Cannot draft a reply: OPENAI_API_KEY is not set");
    }
    return { draft: await model.answer(context, knowledge) };
  }

  function check({ draft }: State) {
    return { doubt: ASKS_FOR_SECRETS.test(draft.reply) ? "model_unsafe" : null };
  }

  function answer({ draft }: State) {
    return { reply: toReply(draft, model?.name ?? "the model") };
  }

  async function handOver({ context, settled, doubt }: State) {
    const spoken = settled ?? await personAnswer(context);
    return {
      reply: {
        kind: "text",
        text: spoken.answer.replaceAll("{name}", ""),
        language: spoken.language,
        handOver: true,
        reason: doubt ?? "answer_hands_over",
      } satisfies Reply,
    };
  }

  /** What the operator says when a person takes over, in the customer's language. */
  async function personAnswer(context: AgentContext) {
    const language = guessLanguage(saidIn(context)) ?? "en";
    const handing = (await answers.all()).filter(({ handsOver }) => handsOver);
    return handing.find((row) => row.language === language) ?? handing[0] ?? {
      answer: "A colleague will answer you here.",
      language: "en",
    };
  }

  return new StateGraph(State)
    .addNode("classify", classify)
    .addNode("look_up", lookUp)
    .addNode("write", draft)
    .addNode("check", check)
    .addNode("answer", answer)
    .addNode("hand_over", handOver)
    .addEdge(START, "classify")
    .addConditionalEdges(
      "classify",
      ({ settled }) => settled ? "hand_over" : "look_up",
      ["hand_over", "look_up"],
    )
    .addEdge("look_up", "write")
    .addEdge("write", "check")
    .addConditionalEdges(
      "check",
      ({ doubt }) => doubt ? "hand_over" : "answer",
      ["hand_over", "answer"],
    )
    .addEdge("answer", END)
    .addEdge("hand_over", END)
    .compile();
}

function saidIn({ messages }: AgentContext): string {
  return messages.map(({ text }) => text === MEDIA_WITHOUT_TEXT ? "" : text).join("\n").trim();
}
