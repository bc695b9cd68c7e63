/** What a reading of Twilio's list found, in plain words. */
import type { SyncAnswer } from "./read_list.ts";

/** A few lines for the operator. */
export function describeSync(answer: SyncAnswer, since: string): string {
  return [
    `Since ${since} Twilio's list has`,
    `  ${answer.messagesRecovered} messages that no webhook had brought: they are stored now`,
    `  ${answer.messagesRejected} that could not be understood: they are in cc_rejected_webhooks`,
    `  ${answer.messagesTakenOver} that another system had sent: they are in the history now`,
    `  ${answer.statusesRefreshed} delivery statuses that had not been reported`,
    answer.isComplete ? "It was read to its end." : notToItsEnd(answer),
  ].join("\n");
}

function notToItsEnd({ failures, continueFrom }: SyncAnswer): string {
  const reason = failures.length > 0 ? ` (${[...new Set(failures)].join(", ")})` : "";
  const next = continueFrom === null ? "" : `; go on with --since ${continueFrom}`;
  return `It was not read to its end${reason}${next}`;
}
