/**
 * The door of the orchestrator: it is rung, says 202 and works in the background, since pg_net
 * stops waiting soon. Ringing any number of times is safe: the database hands out the work.
 */
import type { Hono } from "hono";
import * as z from "zod";
import { createDoor, limitBody, refuseMethod, requireKey } from "../_shared/door.ts";
import { errorCode, RequestError } from "../_shared/errors.ts";
import { answerConversation } from "./answer_conversation.ts";
import type { OrchestratorDeps } from "./deps.ts";

/** The contract's other fields inform other orchestrators; this one trusts the database. */
const Dispatch = z.object({ conversationId: z.uuid() });

/** The orchestrator's routes, on any implementation of what it needs. */
export function createApp(deps: OrchestratorDeps): Hono {
  const app = createDoor("orchestrator", deps.report);

  app.use(requireKey(deps.callerKeys));
  app.post("/", limitBody, async (c) => {
    const { conversationId } = await parseDispatch(c.req.raw);
    deps.inBackground(answer(deps, conversationId));
    return c.json({ status: "accepted" }, 202);
  });
  app.all("/", refuseMethod);
  return app;
}

async function parseDispatch(request: Request): Promise<z.infer<typeof Dispatch>> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get("content-type") ?? "")) {
    throw new RequestError("content_type_unsupported", 415);
  }
  const dispatch = Dispatch.safeParse(await request.json().catch(() => undefined));
  if (!dispatch.success) throw new RequestError("conversation_id_missing", 400);
  return dispatch.data;
}

/** Nobody waits for this any more, so whatever fails is reported; the sweep comes back to it. */
async function answer(deps: OrchestratorDeps, conversationId: string): Promise<void> {
  try {
    await answerConversation(deps, conversationId);
  } catch (error) {
    deps.report({ event: "conversation.failed", conversationId, code: errorCode(error) });
  }
}
