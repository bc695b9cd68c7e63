/** Stored files that have to go, some at a time, until none is due. */
import { errorCode } from "../_shared/errors.ts";
import type { DeletionOutcome, FileDeletion } from "./media_database.ts";
import { StorageError } from "./media_storage.ts";
import type { MediaDeps } from "./store_media.ts";

const AT_ONCE = 20;

/** The files that are to be fetched wait meanwhile. Milliseconds. */
const START_WITHIN_MS = 20_000;

/** Works until no deletion is due, or its time is up. Throws when the database cannot be asked. */
export async function deleteFiles(deps: MediaDeps): Promise<void> {
  const startUntil = deps.now() + START_WITHIN_MS;
  while (deps.now() < startUntil) {
    const claimed = await deps.database.claimFileDeletions(AT_ONCE);
    if (claimed.length === 0) return;
    const end = await outcomeOf(deps, claimed);
    await Promise.all(claimed.map((deletion) => record(deps, deletion, end)));
  }
}

async function outcomeOf(
  { storage }: MediaDeps,
  claimed: FileDeletion[],
): Promise<DeletionOutcome> {
  try {
    await storage.remove(claimed.map(({ storagePath }) => storagePath));
    return { outcome: "deleted" };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { outcome: "postponed", errorCode: error.code };
  }
}

async function record(deps: MediaDeps, deletion: FileDeletion, end: DeletionOutcome) {
  try {
    const { outcome } = await deps.database.recordFileDeletion(deletion, end);
    const { deletionId, attempt } = deletion;
    const code = "errorCode" in end ? end.errorCode : null;
    deps.report({ event: "media.deleted", deletionId, outcome, attempt, code });
  } catch (error) {
    // Its lease ends and it is claimed again: deleting twice does no harm.
    deps.report({ event: "media.failed", code: errorCode(error) });
  }
}
