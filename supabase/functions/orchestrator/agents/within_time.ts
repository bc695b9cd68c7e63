/** Bounds how long an agent waits for what it does not control. */
import { AgentError } from "./agent_error.ts";

/**
 * Gives `work` a signal that aborts with `turn`, or after `timeoutMs` milliseconds, and waits no
 * longer than that whether or not the work heeds it. Work is not begun when the turn is over.
 * Throws `AgentError` "model_timeout".
 */
export async function withinTime<T>(
  turn: AbortSignal,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (turn.aborted) throw timeIsUpError(timeoutMs);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const signal = AbortSignal.any([turn, deadline.signal]);
  try {
    return await Promise.race([work(signal), timeIsUp(signal, timeoutMs)]);
  } finally {
    clearTimeout(timer);
  }
}

function timeIsUp(signal: AbortSignal, timeoutMs: number): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(timeIsUpError(timeoutMs));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

function timeIsUpError(timeoutMs: number): AgentError {
  const over = `${timeoutMs} ms or the turn are over`;
  return new AgentError("model_timeout", `Cannot wait for a reply any longer: ${over}`);
}
