/** The findings as a person reads them. */
import type { Expected } from "../../supabase/functions/_shared/twilio/webhook_check/check_webhook.ts";
import type { Finding } from "../../supabase/functions/_shared/twilio/webhook_check/finding.ts";

/** One text of several lines; `sources` are the names of what was asked about. */
export function describeFindings(
  findings: readonly Finding[],
  { sources, expected }: { sources: readonly string[]; expected: Expected },
): string {
  const wrong = findings.filter(({ level }) => level === "wrong").length;
  return [
    `Our webhook is ${expected.url}`,
    `Twilio has configured ${sources.join("; ") || "nothing"}`,
    "",
    ...findings.flatMap(linesOf),
    wrong > 0 ? `${wrong} wrong` : "Nothing is wrong",
  ].join("\n");
}

function linesOf({ level, source, field, problem, set }: Finding): string[] {
  const lines = [`${level.toUpperCase().padEnd(5)} ${source}: ${field} ${problem}.`];
  return set === null ? [...lines, ""] : [...lines, `      Set it to ${set}`, ""];
}
