/** What the operations function needs to know before it starts. */
import * as z from "zod";
import { callerKeys, SupabaseSettings } from "../_shared/settings.ts";
import { WebhookCheckSettings } from "../_shared/twilio/webhook_check/settings.ts";

export const OperationsSettings = z.intersection(
  z.intersection(SupabaseSettings, callerKeys("OPERATIONS_KEY")),
  WebhookCheckSettings,
);
