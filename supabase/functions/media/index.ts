/** Wires the fetching of media to the platform. */
import { createReport } from "../_shared/events.ts";
import { inBackground } from "../_shared/in_background.ts";
import { printLine } from "../_shared/print_line.ts";
import { readSettings } from "../_shared/settings.ts";
import { createApp } from "./app.ts";
import { fetchMedia } from "./fetch_media.ts";
import { createMediaDatabase } from "./media_database.ts";
import { createMediaStorage } from "./media_storage.ts";
import { MediaSettings } from "./settings.ts";

/** An RPC's own time-outs are shorter. Milliseconds. */
const DATABASE_TIMEOUT_MS = 8_000;
/** One upload of at most 16 MB. Milliseconds. */
const STORAGE_TIMEOUT_MS = 25_000;

const settings = readSettings(MediaSettings, Deno.env.toObject());
const app = createApp({
  callerKeys: settings.callerKeys,
  database: createMediaDatabase({ ...settings, timeoutMs: DATABASE_TIMEOUT_MS }),
  fetchMedia: (media) => fetchMedia(settings, media),
  storage: createMediaStorage({ ...settings, timeoutMs: STORAGE_TIMEOUT_MS }),
  report: createReport(printLine),
  now: () => performance.now(),
  inBackground,
});
Deno.serve(app.fetch);
