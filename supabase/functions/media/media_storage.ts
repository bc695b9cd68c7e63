/** Where the content of media is kept: Supabase Storage, in a private bucket. */
import { createClient } from "@supabase/supabase-js";
import type { SupabaseOptions } from "../_shared/caller.ts";

/** Made by a migration, or by config.toml. */
export const MEDIA_BUCKET = "cc-media";

export interface MediaStorage {
  /** Keeps the bytes at the path, in place of what is there. Throws a `StorageError`. */
  put(path: string, bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<void>;
  /** Removes what is at these paths, if anything is. Throws a `StorageError`. */
  remove(paths: string[]): Promise<void>;
}

/** `code` is `storage_` and the status of the answer, or `storage_unreachable`. */
export class StorageError extends Error {
  override readonly name = "StorageError";

  constructor(readonly code: string) {
    super(`Cannot use the storage: ${code.replaceAll("_", " ")}`);
  }
}

/** A `MediaStorage` in the project's own Storage. */
export function createMediaStorage(options: SupabaseOptions): MediaStorage {
  const { supabaseUrl, supabaseKey, timeoutMs } = options;
  const client = createClient(supabaseUrl, supabaseKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    },
  });
  return {
    async put(path, bytes, contentType) {
      const { error } = await client.storage.from(MEDIA_BUCKET)
        // A later attempt stores the same file again.
        .upload(path, bytes, { contentType, upsert: true });
      if (error) throw new StorageError(codeOf(error));
    },
    async remove(paths) {
      const { error } = await client.storage.from(MEDIA_BUCKET).remove(paths);
      if (error) throw new StorageError(codeOf(error));
    },
  };
}

function codeOf(error: object): string {
  const status = "status" in error ? error.status : undefined;
  return typeof status === "number" ? `storage_${status}` : "storage_unreachable";
}
