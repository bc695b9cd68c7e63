/** What the webhook needs to know before it starts. */
import { z } from "zod";
import { SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";

export const WebhookSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  z.object({
    ACKNOWLEDGEMENT_TEXT: z.string().max(1600, "is over 1600 characters").optional(),
    APOLOGY_TEXT: z.string().max(1600, "is over 1600 characters").optional(),
  }).transform((settings) => ({
    acknowledgementText: settings.ACKNOWLEDGEMENT_TEXT,
    apologyText: settings.APOLOGY_TEXT,
  })),
);
export type WebhookSettings = z.infer<typeof WebhookSettings>;
