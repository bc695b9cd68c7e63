/**
 * The door of the media: rung when a message with media came, when files have to go, and by the
 * sweep. It says 202 and deletes and fetches in the background; any number of rings at once do no harm, since each file is claimed.
 */
import type { Hono } from "hono";
import { createDoor, refuseMethod, requireKey } from "../_shared/door.ts";
import { errorCode } from "../_shared/errors.ts";
import type { InBackground } from "../_shared/in_background.ts";
import { deleteFiles } from "./delete_files.ts";
import { type MediaDeps, storeMedia } from "./store_media.ts";

export interface MediaAppDeps extends MediaDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  inBackground: InBackground;
}

/** The routes, on any implementation of what they need. */
export function createApp(deps: MediaAppDeps): Hono {
  const app = createDoor("media", deps.report);

  app.use(requireKey(deps.callerKeys));
  app.post("/", (c) => {
    deps.inBackground(work(deps));
    return c.json({ status: "accepted" }, 202);
  });
  app.all("/", refuseMethod);
  return app;
}

async function work(deps: MediaDeps): Promise<void> {
  try {
    await deleteFiles(deps);
    await storeMedia(deps);
  } catch (error) {
    deps.report({ event: "media.failed", code: errorCode(error) });
  }
}
