/** What the sync needs to know before it starts. */
import * as z from "zod";
import { callerKeys, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";

export const SyncSettings = z.intersection(
  z.intersection(z.intersection(SupabaseSettings, TwilioSettings), callerKeys("SYNC_KEY")),
  z.object({
    ACKNOWLEDGEMENT_TEXT: z.string().optional(),
    APOLOGY_TEXT: z.string().optional(),
  }).transform((settings) => ({
    // What the webhook answers by itself is no other system's message.
    ownTexts: [settings.ACKNOWLEDGEMENT_TEXT, settings.APOLOGY_TEXT]
      .filter((text) => text !== undefined),
  })),
);
