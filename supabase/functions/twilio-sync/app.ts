/**
 * The door of the sync: rung by pg_cron it says 202 and compares in the background; asked by hand how
 * far back to look, it answers with what it found. Any number of rings at once do no harm.
 */
import type { Hono } from "hono";
import { createDoor, limitBody, refuseMethod, requireKey } from "../_shared/door.ts";
import type { InBackground } from "../_shared/in_background.ts";
import { errorCode } from "../_shared/errors.ts";
import { settleSends } from "./settle_sends.ts";
import { sync } from "./sync.ts";
import type { SyncDeps } from "./sync_deps.ts";
import { parseSyncRequest } from "./sync_request.ts";

export interface SyncAppDeps extends SyncDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  inBackground: InBackground;
  today: () => Date;
}

/** The sync's routes, on any implementation of what it needs. */
export function createApp(deps: SyncAppDeps): Hono {
  const app = createDoor("twilio-sync", deps.report);

  app.use(requireKey(deps.callerKeys));
  app.post("/", limitBody, async (c) => {
    const { since, isForSends } = parseSyncRequest(await c.req.text(), deps.today());
    if (since) return c.json(await sync(deps, since));
    deps.inBackground(isForSends ? settle(deps) : sync(deps));
    return c.json({ status: "accepted" }, 202);
  });
  app.all("/", refuseMethod);
  return app;
}

async function settle(deps: SyncDeps): Promise<void> {
  try {
    await settleSends(deps);
  } catch (error) {
    deps.report({ event: "sync.failed", code: errorCode(error) });
  }
}
