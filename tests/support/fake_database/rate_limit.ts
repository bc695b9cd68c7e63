/** The bucket of messages that each customer has, and the fuse for all customers together. */
import { rowOf } from "./rows.ts";
import { storeOutbound } from "./outbound.ts";
import type { Conversation, Customer, State } from "./state.ts";

const MINUTE_MS = 60_000;

/** Counts a message of the customer; how long its answer must wait, zero within the limit. */
export function takeAllowance(state: State, customerId: string): number {
  const { customerBurstMessages: burst, customerMessagesPerMinute: perMinute } = state.settings;
  const customer = rowOf(state.customers, customerId);
  // It may go as far below zero as it is deep, so that the wait has an end too.
  customer.remainingMessages = Math.max(-burst, remainingAllowance(state, customer) - 1);
  customer.remainingMessagesAt = state.now();
  return Math.max(0, -customer.remainingMessages) / perMinute * MINUTE_MS;
}

/** How full the customer's bucket is now. */
export function remainingAllowance({ now, settings }: State, customer: Customer): number {
  const { customerBurstMessages: burst, customerMessagesPerMinute: perMinute } = settings;
  const grown = (now() - customer.remainingMessagesAt) / MINUTE_MS * perMinute;
  return Math.min(burst, (customer.remainingMessages ?? burst) + grown);
}

/** Tells a customer who is over the limit, at most once in a while. */
export function notifyOfLimit(state: State, conversation: Conversation): void {
  const { rateLimitNoticeText: notice, rateLimitNoticeMinutes } = state.settings;
  const customer = rowOf(state.customers, conversation.customerId);
  const lastMs = customer.rateLimitNotifiedAt ?? -Infinity;
  if (notice === null || lastMs >= state.now() - rateLimitNoticeMinutes * MINUTE_MS) return;
  customer.rateLimitNotifiedAt = state.now();
  storeOutbound(state, conversation.id, { turnId: null, kind: "notice", parts: [notice] });
}

/** When the next turn may be claimed, while all customers together are over the limit; else null. */
export function fuseUntil({ turns, settings, now }: State): number | null {
  const claims = turns.map(({ claimedAt }) => claimedAt ?? -Infinity)
    .filter((claimedAt) => claimedAt > now() - MINUTE_MS)
    .sort((a, b) => b - a);
  const oldest = claims[settings.turnsPerMinute - 1];
  return oldest === undefined ? null : oldest + MINUTE_MS;
}
