/**
 * What the simulated model does when a bank's tools are at hand: it looks up a balance or blocks a
 * card, and says what it found, so that a demonstration shows the whole way.
 */
import type { ModelCall } from "./api_answer.ts";
import type { ModelRequest } from "./model_request.ts";

/** A call of a tool, or the reply to what one gave back; null when it is about something else. */
export function answerFromBank(
  { said, tools, toolOutputs }: ModelRequest,
): { call: ModelCall } | { reply: string } | null {
  if (!tools.includes("get_balance")) return null;
  const output = toolOutputs.at(-1);
  if (output !== undefined) return { reply: replyTo(JSON.parse(output)) };
  const text = said.join(" ");
  const lastDigits = /\b\d{4}\b/.exec(text)?.[0];
  if (/\bblock\b/i.test(text) && lastDigits) {
    return { call: { name: "block_card", arguments: { last_digits: lastDigits } } };
  }
  return /\bbalance\b|\[code: correct\]/i.test(text)
    ? { call: { name: "get_balance", arguments: { account_id: null } } }
    : null;
}

function replyTo(output: Record<string, unknown>): string {
  if (typeof output["balance"] === "string") {
    return `Your ${output["account"]} holds ${output["balance"]} ${output["currency"]}.`;
  }
  if (output["card"]) return `Your card ending in ${output["card"]}: ${output["outcome"]}.`;
  return output["verification"] === "code_sent" || output["verification"] === "code_awaited"
    ? "First I must know that it is you. Please write the code that we sent you by SMS."
    : "I cannot do that here. A colleague takes over.";
}
