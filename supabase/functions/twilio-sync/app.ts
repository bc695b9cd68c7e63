/**
 * The door of the sync: it is rung by the sweep, says 202 and compares in the background. Any number
 * of rings at once do no harm: the database counts each reading for what it is.
 */
import type { Hono } from "hono";
import { createDoor, refuseMethod, requireKey } from "../_shared/door.ts";
import { settleSends, type SyncDeps } from "./settle_sends.ts";
import type { InBackground } from "../_shared/in_background.ts";
import { errorCode } from "../_shared/errors.ts";

export interface SyncAppDeps extends SyncDeps {
  /** Who may call: one key, or two during a rotation. */
  callerKeys: string[];
  inBackground: InBackground;
}

/** The sync's routes, on any implementation of what it needs. */
export function createApp(deps: SyncAppDeps): Hono {
  const app = createDoor("twilio-sync", deps.report);

  app.use(requireKey(deps.callerKeys));
  app.post("/", (c) => {
    deps.inBackground(sync(deps));
    return c.json({ status: "accepted" }, 202);
  });
  app.all("/", refuseMethod);
  return app;
}

async function sync(deps: SyncAppDeps): Promise<void> {
  try {
    await settleSends(deps);
  } catch (error) {
    deps.report({ event: "sync.failed", code: errorCode(error) });
  }
}
