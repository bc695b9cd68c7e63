/** The calls of the database that media need, each one transaction. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "../_shared/caller.ts";

export const ClaimedMedia = z.object({
  mediaId: z.uuid(),
  attempt: z.int().positive(),
  url: z.string(),
  /** What Twilio's webhook said it is. */
  contentType: z.string(),
  storagePath: z.string(),
});
export type ClaimedMedia = z.infer<typeof ClaimedMedia>;

/** How the fetching of one file ended; what is postponed is tried again later, by the database. */
export type MediaOutcome =
  | { outcome: "stored"; byteSize: number; contentType: string }
  | { outcome: "postponed" | "failed"; errorCode: string };

export const RecordedMedia = z.object({
  outcome: z.enum(["stored", "postponed", "failed", "lease_lost", "erased"]),
});
export type RecordedMedia = z.infer<typeof RecordedMedia>;

/** A stored file that has to go. */
export const FileDeletion = z.object({
  deletionId: z.uuid(),
  attempt: z.int().positive(),
  storagePath: z.string(),
});
export type FileDeletion = z.infer<typeof FileDeletion>;

/** How deleting a file ended; what is postponed is tried again for as long as it takes. */
export type DeletionOutcome =
  | { outcome: "deleted" }
  | { outcome: "postponed"; errorCode: string };

export const RecordedDeletion = z.object({
  outcome: z.enum(["deleted", "postponed", "lease_lost"]),
});
export type RecordedDeletion = z.infer<typeof RecordedDeletion>;

/** Every method may throw a `DatabaseError`. */
export interface MediaDatabase {
  /** Up to `maximum` files that are due, each ours for the length of a lease. */
  claimMedia(maximum: number): Promise<ClaimedMedia[]>;
  recordMedia(mediaId: string, attempt: number, end: MediaOutcome): Promise<RecordedMedia>;
  /** Up to `maximum` files that are to be deleted, each ours for the length of a lease. */
  claimFileDeletions(maximum: number): Promise<FileDeletion[]>;
  recordFileDeletion(deletion: FileDeletion, end: DeletionOutcome): Promise<RecordedDeletion>;
}

/** A `MediaDatabase` over PostgREST. */
export function createMediaDatabase(options: SupabaseOptions): MediaDatabase {
  const call = createCaller(options);
  return {
    claimMedia: (maximum) => call("claim_media", z.array(ClaimedMedia), { maximum }),
    recordMedia: (mediaId, attempt, end) =>
      call("record_media", RecordedMedia, {
        media_id: mediaId,
        attempt,
        outcome: end.outcome,
        ...(end.outcome === "stored"
          ? { byte_size: end.byteSize, content_type: end.contentType }
          : { error_code: end.errorCode }),
      }),
    claimFileDeletions: (maximum) =>
      call("claim_file_deletions", z.array(FileDeletion), { maximum }),
    recordFileDeletion: ({ deletionId, attempt }, end) =>
      call("record_file_deletion", RecordedDeletion, {
        deletion_id: deletionId,
        attempt,
        outcome: end.outcome,
        ...("errorCode" in end ? { error_code: end.errorCode } : {}),
      }),
  };
}
