/**
 * One run of the sync: our own sends first, so that none of them is taken for another system's; then
 * what no webhook brought, what others sent, and statuses that never came.
 */
import { errorCode } from "../_shared/errors.ts";
import { readList } from "./read_list.ts";
import { refreshStatuses } from "./refresh_statuses.ts";
import { settleSends } from "./settle_sends.ts";
import type { Found, SyncDeps } from "./sync_deps.ts";

/** The next ring goes on from the cursor, and a worker of the platform lives 150 s. Milliseconds. */
const START_WITHIN_MS = 60_000;

export interface SyncResult extends Found {
  /** Whether everything was read to its end. */
  isComplete: boolean;
  /** From where a reading by hand must go on when it is not complete (ISO 8601); null: it is. */
  continueFrom: string | null;
  /** The codes of what went wrong. */
  failures: string[];
}

/** Runs once; what fails is reported, and keeps nothing else from being done. Never throws. */
export async function sync(deps: SyncDeps, since?: Date): Promise<SyncResult> {
  const startUntil = deps.now() + START_WITHIN_MS;
  const found = {
    ...{ messagesRecovered: 0, messagesRejected: 0, messagesTakenOver: 0, statusesRefreshed: 0 },
  };
  const failures: string[] = [];
  const attempt = async (step: () => Promise<void>) => {
    try {
      await step();
    } catch (error) {
      failures.push(errorCode(error));
      deps.report({ event: "sync.failed", code: errorCode(error) });
    }
  };
  await attempt(() => settleSends(deps));
  let continueFrom: number | null = since ? since.getTime() : null;
  await attempt(async () => {
    continueFrom = await readAll(deps, { since, found, startUntil, attempt });
  });
  await attempt(() => refreshStatuses(deps, found));

  const isComplete = failures.length === 0 && continueFrom === null;
  deps.report({ event: "sync.ended", ...found, isComplete });
  const from = isComplete || continueFrom === null ? null : new Date(continueFrom).toISOString();
  return { ...found, isComplete, continueFrom: from, failures };
}

interface ReadAll {
  since: Date | undefined;
  found: Found;
  startUntil: number;
  attempt: (step: () => Promise<void>) => Promise<void>;
}

/** Reads for every business address; gives how far back the reading that got least far must go on. */
async function readAll(
  deps: SyncDeps,
  { since, found, startUntil, attempt }: ReadAll,
): Promise<number | null> {
  const { syncSince, readings } = await deps.syncDatabase.beginSync(since);
  let continueFrom: number | null = null;
  for (const reading of readings) {
    let reached = reading.readFrom;
    let isComplete = false;
    await attempt(async () => {
      const onProgress = (readUntil: number) => void (reached = readUntil);
      isComplete = await readList(deps, reading, { syncSince, found, startUntil, onProgress });
    });
    if (!isComplete) continueFrom = Math.min(continueFrom ?? Infinity, reached);
  }
  return continueFrom;
}
