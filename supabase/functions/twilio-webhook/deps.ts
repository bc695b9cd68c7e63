/** What the webhook works with; each part can be another in tests. */
import type { Report } from "../_shared/events.ts";
import type { IntakeDatabase } from "../_shared/intake_database.ts";
import { withRetries } from "../_shared/retry.ts";
import type { WebhookSettings } from "./settings.ts";

export interface WebhookDeps {
  settings: WebhookSettings;
  database: IntakeDatabase;
  /** Rings the orchestrator for a new message, beside pg_net; nobody waits for it. */
  ring: (conversationId: string) => void;
  report: Report;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

/**
 * Twilio hangs up after 15 s. With the last attempt begun after 6 s and given 4 s, the answer is there
 * after 10 s, however long the database is down. Milliseconds.
 */
const START_WITHIN_MS = 6_000;
const FIRST_PAUSE_MS = 100;

/** The longest that one call of the database may take. Milliseconds. */
export const DATABASE_TIMEOUT_MS = 4_000;

/** Whether another call may begin for a request that came at `receivedAt`, by the deps' clock. */
export function hasTimeLeft({ now }: WebhookDeps, receivedAt: number): boolean {
  return now() < receivedAt + START_WITHIN_MS;
}

/**
 * Calls the database again while that may help and Twilio, which waits since `receivedAt`, still
 * does: every call may be repeated.
 */
export function persistently<Result>(
  { now, wait }: WebhookDeps,
  receivedAt: number,
  call: () => Promise<Result>,
): Promise<Result> {
  const startWithinMs = receivedAt + START_WITHIN_MS - now();
  return withRetries(call, { startWithinMs, firstPauseMs: FIRST_PAUSE_MS, now, wait });
}
