/** Files that wait: claimed, fetched, stored, recorded, a few at a time, until none is due. */
import { errorCode } from "../_shared/errors.ts";
import type { Report } from "../_shared/events.ts";
import type { FetchedMedia } from "./fetch_media.ts";
import type { ClaimedMedia, MediaDatabase, MediaOutcome } from "./media_database.ts";
import { type MediaStorage, StorageError } from "./media_storage.ts";

export interface MediaDeps {
  database: MediaDatabase;
  fetchMedia: (media: ClaimedMedia) => Promise<FetchedMedia>;
  storage: MediaStorage;
  report: Report;
  /** Milliseconds of a clock that only goes forward. */
  now: () => number;
}

/** Each may fill 16 MB twice for a moment, and a worker of the platform has 256. */
const AT_ONCE = 3;

/** The next ring comes soon, and a worker of the platform does not live for ever. Milliseconds. */
const START_WITHIN_MS = 60_000;

/** Works until no file is due, or its time is up. Throws when the database cannot be asked. */
export async function storeMedia(deps: MediaDeps): Promise<void> {
  const startUntil = deps.now() + START_WITHIN_MS;
  while (deps.now() < startUntil) {
    const claimed = await deps.database.claimMedia(AT_ONCE);
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((media) => storeOne(deps, media)));
  }
}

async function storeOne(deps: MediaDeps, media: ClaimedMedia): Promise<void> {
  const { mediaId, attempt } = media;
  try {
    const end = await outcomeOf(deps, media);
    const { outcome } = await deps.database.recordMedia(mediaId, attempt, end);
    const code = "errorCode" in end ? end.errorCode : null;
    deps.report({ event: "media.fetched", mediaId, outcome, attempt, code });
    // Its customer was erased meanwhile: what we have just put there must not stay.
    if (outcome === "erased") await deps.storage.remove([media.storagePath]);
  } catch (error) {
    // Its lease ends and it is claimed again; the others go on.
    deps.report({ event: "media.failed", code: errorCode(error) });
  }
}

async function outcomeOf(
  { fetchMedia, storage }: MediaDeps,
  media: ClaimedMedia,
): Promise<MediaOutcome> {
  const fetched = await fetchMedia(media);
  if (!fetched.ok) {
    const outcome = fetched.mayPass ? "postponed" : "failed";
    return { outcome, errorCode: fetched.errorCode };
  }
  const { bytes, contentType } = fetched;
  try {
    await storage.put(media.storagePath, bytes, contentType);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { outcome: "postponed", errorCode: error.code };
  }
  return { outcome: "stored", byteSize: bytes.length, contentType };
}
