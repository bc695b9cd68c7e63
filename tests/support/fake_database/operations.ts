/** `get_health` and `get_metrics`, in memory: what waits now; counters are the audit's, which is not here. */
import type { Database, Metric } from "../../../supabase/functions/_shared/database.ts";
import type { State } from "./state.ts";

const MINUTE_MS = 60_000;
const REJECTED_WITHIN_MS = 10 * MINUTE_MS;

/** The operators' part of the database. */
export function operationsFunctions(state: State): Pick<Database, "getHealth" | "getMetrics"> {
  return {
    // deno-lint-ignore require-await
    async getHealth() {
      const reasons = troubles(state).map((kind) => ({ kind, text: `${kind} in memory` }));
      return { status: reasons.length === 0 ? "ok" : "failing", reasons };
    },

    // deno-lint-ignore require-await
    async getMetrics() {
      const oldest = oldestUnansweredAt(state);
      return [
        metric(
          "oldest_unanswered_seconds",
          "",
          oldest === Infinity ? 0 : (state.now() - oldest) / 1000,
        ),
        ...(["agent", "human"] as const).map((label) =>
          metric(
            "conversations",
            label,
            state.conversations.filter(({ status, handler }) =>
              status === "active" && handler === label
            ).length,
          )
        ),
        metric(
          "waiting_for_person",
          "",
          state.turns.filter((each) => each.state === "pending" && each.dueAt === null).length,
        ),
        ...["ready", "sending", "uncertain"].map((label) =>
          metric("sends", label, state.messages.filter((each) => each.sendState === label).length)
        ),
        ...["pending", "retrying", "running"].map((label) =>
          metric("turns", label, state.turns.filter((each) => each.state === label).length)
        ),
      ];
    },
  };
}

const metric = (name: string, label: string, value: number): Metric => ({ name, label, value });

function troubles(state: State): string[] {
  const { unansweredAlertMinutes, uncertainAlertMinutes } = state.settings;
  const before = (minutes: number) => state.now() - minutes * MINUTE_MS;
  const isDoubted = state.messages.some(({ sendState, sendLeaseUntil }) =>
    sendState === "uncertain" && (sendLeaseUntil ?? 0) < before(uncertainAlertMinutes)
  );
  const isRejected = state.rejected.some(({ createdAt }) =>
    createdAt > state.now() - REJECTED_WITHIN_MS
  );
  return [
    ...(oldestUnansweredAt(state) < before(unansweredAlertMinutes) ? ["customer_unanswered"] : []),
    ...(state.canDispatch ? [] : ["secret_missing"]),
    ...(isDoubted ? ["sends_uncertain"] : []),
    ...(isRejected ? ["webhooks_rejected"] : []),
  ];
}

function oldestUnansweredAt({ turns }: State): number {
  const waiting = turns.filter(({ state }) => ["pending", "running", "retrying"].includes(state));
  return Math.min(...waiting.map(({ createdAt }) => createdAt));
}
