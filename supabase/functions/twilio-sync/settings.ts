/** What the sync needs to know before it starts. */
import { z } from "zod";
import { callerKeys, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";

export const SyncSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  callerKeys("SYNC_KEY"),
);
