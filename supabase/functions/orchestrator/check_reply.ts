/**
 * The last look at what an agent wrote, whichever agent it was. Its text is as little to be trusted as
 * the customer's: what is merely unreadable is cleaned, what must not be said is refused.
 */
import { MAXIMUM_REPLY_LENGTH, type Reply } from "./agents/agent.ts";
import { AgentError, type AgentErrorCode } from "./agents/agent_error.ts";
import { buildInstructions } from "./agents/openai_prompt.ts";

/** Control characters; line feed and tab are text. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g;
/** They make text read as other than it is; the marks that Arabic and Hebrew need are not these. */
const BIDI_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;
/** Letters that nobody sees; only in the flags of England, Scotland and Wales they mean something. */
const HIDDEN_LETTERS = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]*)[\u{e0000}-\u{e007f}]/gu;
const HALF_PAIRS = /\p{Surrogate}/gu;

/** No agent is shown a key, so what looks like one is made up, or was told where it should not be. */
const KEYS = [
  /(?<![A-Za-z0-9])(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}/, // OpenAI and many others
  /sb_(secret|publishable)_[A-Za-z0-9_-]{8,}/, // Supabase
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/, // a JWT
  /(?<![A-Za-z0-9])(AC|SK)[0-9a-f]{32}(?![A-Za-z0-9])/i, // Twilio's account and API keys
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** So many words of the instructions in one piece are no accident; one sentence of advice may be. */
const ECHOED_WORDS = 14;

/** Every run of words in the instructions of any channel, with a bank and without; made once. */
const CONFIDENTIAL = new Set(
  ["whatsapp", "sms"].flatMap((channel) =>
    [true, false].flatMap((hasBank) => runsOfWords(buildInstructions(channel, hasBank)))
  ),
);

/**
 * The reply as it may be sent. Throws an `AgentError`, whose text does not quote the reply:
 * "model_nonsense" when nothing is left or it is too long, "model_unsafe" when it tells what the
 * agent was told, or a key. Silence passes; a reason that is no code becomes "unspecified".
 */
export function checkReply(reply: Reply): Reply {
  if (reply.kind === "silence") return { ...reply, reason: codeOf(reply.reason) };
  const text = cleaned(reply.text);
  if (text === "") throw refusal("model_nonsense", "it is empty");
  if (text.length > MAXIMUM_REPLY_LENGTH) {
    throw refusal("model_nonsense", `it has ${text.length} characters`);
  }
  if (KEYS.some((key) => key.test(visible(text)))) {
    throw refusal("model_unsafe", "something in it looks like a key");
  }
  if (runsOfWords(text).some((run) => CONFIDENTIAL.has(run))) {
    throw refusal("model_unsafe", "it repeats the instructions");
  }
  return { ...reply, text, ...(reply.reason && { reason: codeOf(reply.reason) }) };
}

function cleaned(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(CONTROLS, "")
    .replace(BIDI_OVERRIDES, "")
    .replace(HIDDEN_LETTERS, "")
    .replace(HALF_PAIRS, "\ufffd")
    .trim();
}

/** The text as a reader copies it: letters of other widths as plain ones, nothing without a width. */
function visible(text: string): string {
  return text.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
}

/** Every piece of so many words in a row, without case and punctuation. */
function runsOfWords(text: string): string[] {
  const words = visible(text).toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(ECHOED_WORDS - 1)
    .map((_, end) => words.slice(end, end + ECHOED_WORDS).join(" "));
}

/** The reason stands in the audit, where an agent's own words have no place. */
function codeOf(reason: string): string {
  return /^[a-z][a-z_]{0,39}$/.test(reason) ? reason : "unspecified";
}

function refusal(code: AgentErrorCode, reason: string): AgentError {
  return new AgentError(code, `Cannot send the reply: ${reason}`);
}
