/** Conversations in which something is to be done, for the orchestrator's tests. */
import { inboundMessage } from "../../support/factories.ts";
import type { FakeOrchestratorDeps } from "../../support/fakes.ts";

/** Longer than the debounce. Milliseconds. */
const BURST_IS_OVER_MS = 1000;

/** The id of a conversation in which these texts wait, due now. */
export async function conversationWith(
  deps: FakeOrchestratorDeps,
  ...texts: string[]
): Promise<string> {
  const conversationId = await receive(deps, ...texts);
  deps.clock.pass(BURST_IS_OVER_MS);
  return conversationId;
}

/** Stores these texts of the one customer, due after the debounce. */
export async function receive(deps: FakeOrchestratorDeps, ...texts: string[]): Promise<string> {
  let conversationId = "";
  for (const bodyText of texts) {
    const message = inboundMessage({ bodyText });
    const stored = await deps.database.ingestInboundMessage(message, message.providerMessageId);
    conversationId = stored.conversationId;
  }
  deps.database.calls.length = 0;
  return conversationId;
}

/** The states of all turns, from the oldest to the newest. */
export function turnStates({ database }: FakeOrchestratorDeps): string[] {
  return database.state.turns.map(({ state }) => state);
}
