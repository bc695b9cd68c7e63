/** What the fetching of media needs to know before it starts. */
import * as z from "zod";
import { callerKeys, SupabaseSettings, TwilioSettings } from "../_shared/settings.ts";

export const MediaSettings = z.intersection(
  z.intersection(SupabaseSettings, TwilioSettings),
  callerKeys("MEDIA_KEY"),
);
