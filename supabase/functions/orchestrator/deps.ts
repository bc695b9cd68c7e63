/** What the orchestrator works with; each part can be another in tests. */
import type { Database, SendOutcome } from "../_shared/database.ts";
import type { Report } from "../_shared/events.ts";
import type { InBackground } from "../_shared/in_background.ts";
import { withRetries } from "../_shared/retry.ts";
import type { OutgoingMessage } from "../_shared/twilio/send_message.ts";
import type { Agent } from "./agents/agent.ts";

export interface OrchestratorDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  database: Pick<
    Database,
    "claimTurn" | "completeTurn" | "failTurn" | "claimSend" | "recordSend" | "dispatchConversation"
  >;
  agent: Agent;
  /** Sends once and says what is known of the outcome; never throws. */
  send: (message: OutgoingMessage) => Promise<SendOutcome>;
  report: Report;
  inBackground: InBackground;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

const FIRST_PAUSE_MS = 200;

/** Repeats a call of the database, which must be one that may be repeated, while the lease holds. */
export function untilLeaseEnds<Result>(
  { now, wait }: OrchestratorDeps,
  leaseUntil: number,
  call: () => Promise<Result>,
): Promise<Result> {
  const startWithinMs = leaseUntil - now();
  return withRetries(call, { startWithinMs, firstPauseMs: FIRST_PAUSE_MS, now, wait });
}
