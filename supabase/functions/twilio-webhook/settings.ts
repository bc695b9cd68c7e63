/** What the webhook needs to know before it starts. */
import * as z from "zod";
import { SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";

const DirectRing = z.object({
  DIRECT_RING: z.enum(["on", "off"], "is neither on nor off").default("off"),
  ORCHESTRATOR_KEY: z.string().optional(),
}).refine(
  ({ DIRECT_RING, ORCHESTRATOR_KEY }) => DIRECT_RING === "off" || ORCHESTRATOR_KEY,
  { path: ["ORCHESTRATOR_KEY"], message: "is missing (DIRECT_RING is on)" },
).transform((settings) => ({
  /** The key for ringing the orchestrator without the database; undefined leaves that to pg_net. */
  directRingKey: settings.DIRECT_RING === "on" ? settings.ORCHESTRATOR_KEY : undefined,
}));

export const WebhookSettings = z.intersection(
  z.intersection(z.intersection(SupabaseSettings, TwilioSettings), DirectRing),
  z.object({
    ACKNOWLEDGEMENT_TEXT: z.string().max(1600, "is over 1600 characters").optional(),
    APOLOGY_TEXT: z.string().max(1600, "is over 1600 characters").optional(),
  }).transform((settings) => ({
    acknowledgementText: settings.ACKNOWLEDGEMENT_TEXT,
    apologyText: settings.APOLOGY_TEXT,
  })),
);
export type WebhookSettings = z.infer<typeof WebhookSettings>;
