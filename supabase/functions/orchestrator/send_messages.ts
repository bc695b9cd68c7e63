/** Sends what is ready in a conversation, in order, each message once. */
import type { ClaimedSend } from "../_shared/database.ts";
import { SEND_TIMEOUT_MS } from "../_shared/twilio/send_message.ts";
import { type OrchestratorDeps, untilLeaseEnds } from "./deps.ts";

/** More than one conversation ever has ready at once; the sweep rings again for the rest. */
const MAXIMUM_MESSAGES = 100;

/**
 * Sends until nothing is ready, or somebody else is sending. A message that Twilio put off is waited
 * for when it is due before `waitUntil`, by the orchestrator's clock. Throws a `DatabaseError`.
 */
export async function sendMessages(
  deps: OrchestratorDeps,
  conversationId: string,
  waitUntil: number,
): Promise<void> {
  for (let sent = 0; sent < MAXIMUM_MESSAGES; sent++) {
    const claimedAt = deps.now();
    const claim = await deps.database.claimSend(conversationId);
    if (claim.outcome === "not_due" && deps.now() + claim.dueInMs < waitUntil) {
      await deps.wait(claim.dueInMs);
      continue;
    }
    if (claim.outcome !== "claimed") return;
    const leaseUntil = claimedAt + claim.leaseMs;
    // With less of the lease left than a POST may take, another sender could begin before we end.
    if (deps.now() + SEND_TIMEOUT_MS >= leaseUntil) return;
    await sendClaimed(deps, claim, leaseUntil);
  }
}

async function sendClaimed(
  deps: OrchestratorDeps,
  message: ClaimedSend,
  leaseUntil: number,
): Promise<void> {
  const { messageId, attempt } = message;
  const startedAt = deps.now();
  const end = await deps.send(message);
  const ms = Math.round(deps.now() - startedAt);
  // Twilio's answer is worth a few attempts: without it the message would be in doubt.
  await untilLeaseEnds(
    deps,
    leaseUntil,
    () => deps.database.recordSend(messageId, attempt, end),
  );
  deps.report(
    end.outcome === "handed_over"
      ? { event: "reply.sent", messageId, messageSid: end.providerMessageId, attempt, ms }
      : { event: "reply.not_sent", messageId, outcome: end.outcome, attempt, code: end.errorCode },
  );
}
