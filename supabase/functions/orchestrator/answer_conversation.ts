/** One conversation, turn after turn, until nothing is pending or the time for it is over. */
import { answerTurn } from "./answer_turn.ts";
import type { OrchestratorDeps } from "./deps.ts";
import { sendMessages } from "./send_messages.ts";

/**
 * No turn is started later than this after the request began: a worker of the platform lives 150 s,
 * takes requests during the first half, and a turn may take 60 s. Milliseconds.
 */
const START_WITHIN_MS = 10_000;

/** Answers what waits in the conversation and sends what is ready. Throws a `DatabaseError`. */
export async function answerConversation(
  deps: OrchestratorDeps,
  conversationId: string,
): Promise<void> {
  const startUntil = deps.now() + START_WITHIN_MS;
  while (await answerNextTurn(deps, conversationId, startUntil)) {
    await sendMessages(deps, conversationId, startUntil);
  }
  await sendMessages(deps, conversationId, startUntil);
}

/** Whether there was something to do, and so may be more. */
async function answerNextTurn(
  deps: OrchestratorDeps,
  conversationId: string,
  startUntil: number,
): Promise<boolean> {
  if (deps.now() >= startUntil) {
    await deps.database.dispatchConversation(conversationId);
    return false;
  }
  const claimedAt = deps.now();
  const claim = await deps.database.claimTurn(conversationId);
  if (claim.outcome === "claimed") {
    await answerTurn(deps, { ...claim, conversationId, leaseUntil: claimedAt + claim.leaseMs });
    return true;
  }
  // A turn that is due later than we may start one belongs to the sweep.
  if (claim.outcome !== "not_due" || deps.now() + claim.dueInMs >= startUntil) return false;
  await deps.wait(claim.dueInMs);
  return true;
}
