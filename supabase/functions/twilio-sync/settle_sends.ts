/** Sends in doubt, settled by Twilio's own list. */
import type { Database, ListedMessage, UncertainSend } from "../_shared/database.ts";
import { errorCode } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";

export interface SettleDeps {
  database: Pick<Database, "listUncertainSends" | "settleSend">;
  /** Every message to an address; throws when the reading is not complete. */
  listMessages: (toAddress: string) => Promise<ListedMessage[]>;
  report: Report;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
  shuffle: <Item>(items: Item[]) => Item[];
}

/** Twilio's clock need not be ours, and its times have whole seconds. Milliseconds. */
const CLOCK_SKEW_MS = 60_000;

/** The next ring comes soon, and a worker of the platform does not live for ever. Milliseconds. */
const START_WITHIN_MS = 60_000;

/** Reads the list for each send in doubt and tells the database what it shows. */
export async function settleSends(deps: SettleDeps): Promise<void> {
  const startUntil = deps.now() + START_WITHIN_MS;
  const { readStartedAt, messages } = await deps.database.listUncertainSends();
  // In any order: an address whose list is slow must not always be the one that comes first.
  for (const message of deps.shuffle(messages)) {
    if (deps.now() >= startUntil) return;
    try {
      await settle(deps, message, readStartedAt);
    } catch (error) {
      // One address whose list cannot be read must not keep the others in doubt.
      deps.report({ event: "sync.failed", code: errorCode(error) });
    }
  }
}

async function settle(
  { database, listMessages, report }: SettleDeps,
  send: UncertainSend,
  readStartedAt: string,
): Promise<void> {
  const { messageId, attempt } = send;
  const listed = await listMessages(send.toAddress);
  const since = Date.parse(send.claimedAt) - CLOCK_SKEW_MS;
  const candidates = listed.filter(({ dateCreated }) => Date.parse(dateCreated) >= since);
  const { outcome } = await database.settleSend(send, readStartedAt, candidates);
  report({ event: "send.settled", messageId, outcome, attempt });
}
