/** Sends in doubt, settled by Twilio's own list. */
import type { Database, ListedMessage, UncertainSend } from "../_shared/database.ts";
import { errorCode } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";

export interface SyncDeps {
  database: Pick<Database, "listUncertainSends" | "settleSend">;
  /** Every message to an address; throws when the reading is not complete. */
  listMessages: (toAddress: string) => Promise<ListedMessage[]>;
  report: Report;
}

/** Twilio's clock need not be ours, and its times have whole seconds. Milliseconds. */
const CLOCK_SKEW_MS = 60_000;

/** Reads the list for each send in doubt and tells the database what it shows. */
export async function settleSends(deps: SyncDeps): Promise<void> {
  const { readStartedAt, messages } = await deps.database.listUncertainSends();
  for (const message of messages) {
    try {
      await settle(deps, message, readStartedAt);
    } catch (error) {
      // One address whose list cannot be read must not keep the others in doubt.
      deps.report({ event: "sync.failed", code: errorCode(error) });
    }
  }
}

async function settle(
  { database, listMessages, report }: SyncDeps,
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
