/** Sends what is ready in a conversation, in order, each message once. */
import type { ClaimedSend } from "../_shared/database.ts";
import { SEND_TIMEOUT_MS } from "../_shared/twilio/send_message.ts";
import type { OrchestratorDeps } from "./deps.ts";

/** More than one conversation ever has ready at once; the sweep rings again for the rest. */
const MAXIMUM_MESSAGES = 100;

/** Sends until nothing is ready, or somebody else is sending. Throws a `DatabaseError`. */
export async function sendMessages(deps: OrchestratorDeps, conversationId: string): Promise<void> {
  for (let sent = 0; sent < MAXIMUM_MESSAGES; sent++) {
    const claimedAt = deps.now();
    const claim = await deps.database.claimSend(conversationId);
    if (claim.outcome !== "claimed") return;
    // With less of the lease left than a POST may take, another sender could begin before we end.
    if (deps.now() + SEND_TIMEOUT_MS >= claimedAt + claim.leaseMs) return;
    await sendClaimed(deps, claim);
  }
}

async function sendClaimed(
  { database, send, report, now }: OrchestratorDeps,
  message: ClaimedSend,
): Promise<void> {
  const { messageId, attempt } = message;
  const startedAt = now();
  const end = await send(message);
  const ms = Math.round(now() - startedAt);
  await database.recordSend(messageId, attempt, end);
  report(
    end.outcome === "handed_over"
      ? { event: "reply.sent", messageId, messageSid: end.providerMessageId, attempt, ms }
      : { event: "reply.not_sent", messageId, outcome: end.outcome, attempt, code: end.errorCode },
  );
}
