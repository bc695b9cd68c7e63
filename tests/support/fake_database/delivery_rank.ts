/** The order of Twilio's delivery words: only a higher one replaces a lower one. */

const RANKS: Record<string, number> = {
  ...{ accepted: 1, scheduled: 1, queued: 2, sending: 3, sent: 4 },
  ...{ failed: 5, undelivered: 5, canceled: 5, delivered: 6, read: 7 },
};

/** 0 for words that nobody knows, less for none. */
export function deliveryRank(deliveryStatus: string | null): number {
  return deliveryStatus === null ? -1 : RANKS[deliveryStatus] ?? 0;
}
