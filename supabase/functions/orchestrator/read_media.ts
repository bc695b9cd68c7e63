/** Reads what customers sent from Supabase Storage, where the function `media` has put it. */
import { createClient } from "@supabase/supabase-js";
import type { SupabaseOptions } from "../_shared/caller.ts";
import type { ReadMedia } from "./agents/images.ts";

/** The bucket of the function `media`. */
const MEDIA_BUCKET = "cc-media";

/** Reads with the project's secret key; null is a file that cannot be had in time. */
export function createReadMedia(options: SupabaseOptions): ReadMedia {
  const { supabaseUrl, supabaseKey, timeoutMs } = options;
  const client = createClient(supabaseUrl, supabaseKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: {
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(timeoutMs) }),
    },
  });
  return async (storagePath) => {
    const { data } = await client.storage.from(MEDIA_BUCKET).download(storagePath);
    return data && new Uint8Array(await data.arrayBuffer());
  };
}
