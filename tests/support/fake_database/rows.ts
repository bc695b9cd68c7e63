/** What the parts of the in-memory database share: finding rows, ringing, waiting. */
import { DatabaseError } from "../../../supabase/functions/_shared/errors.ts";
import type { Message, State, Turn } from "./state.ts";

/** Rings the orchestrator; whether it could. */
export function dispatch(state: State, conversationId: string): boolean {
  if (state.canDispatch) state.dispatches.push(conversationId);
  return state.canDispatch;
}

/** How long to wait after so many failures: the middle of what SQL draws by chance. */
export function backoffMs({ settings }: State, failureCount: number): number {
  return Math.min(settings.backoffMaxMs, settings.backoffBaseMs * 2 ** (failureCount - 1));
}

/** The row that must be there, by its id. */
export function rowOf<Row extends { id: string }>(rows: Row[], id: string): Row {
  const row = rows.find((candidate) => candidate.id === id);
  if (!row) throw new DatabaseError("find_row", "P0002", 400);
  return row;
}

/** The turn that is worked on, else the one that waits. */
export function nextTurn({ turns }: State, conversationId: string): Turn | undefined {
  const own = turns.filter((turn) => turn.conversationId === conversationId);
  return own.find(({ state }) => state === "running" || state === "retrying") ??
    own.find(({ state }) => state === "pending");
}

/** The lowest outbound message that is still to be sent or settled. */
export function nextSend({ messages }: State, conversationId: string): Message | undefined {
  return messages
    .filter((message) => message.conversationId === conversationId && isUnsettled(message))
    .sort((a, b) => a.seq - b.seq)[0];
}

const isUnsettled = ({ sendState }: Message) =>
  sendState === "ready" || sendState === "sending" || sendState === "uncertain";

/** Rings again for all that waits in a conversation; whether it could. */
export function dispatchAgain(state: State, conversationId: string): boolean {
  for (const turn of state.turns) {
    const isWaiting = turn.state === "pending" || turn.state === "retrying";
    if (turn.conversationId === conversationId && isWaiting) turn.isDispatched = true;
  }
  return dispatch(state, conversationId);
}

/** Whether this is the first webhook with this signature. */
export function takeSignature({ signatures }: State, signature: string): boolean {
  if (signatures.has(signature)) return false;
  signatures.add(signature);
  return true;
}
