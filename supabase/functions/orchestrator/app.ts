/**
 * The door of the orchestrator: it is rung, says 202 and works in the background, since pg_net
 * stops waiting soon. Ringing any number of times is safe: the database hands out the work.
 */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { errorCode, RequestError } from "../_shared/errors.ts";
import { isOneOf } from "../_shared/same_secret.ts";
import { answerConversation } from "./answer_conversation.ts";
import type { OrchestratorDeps } from "./deps.ts";

/** The contract's other fields inform other orchestrators; this one trusts the database. */
const Dispatch = z.object({ conversationId: z.uuid() });

/** A dispatch carries one message of at most some kilobytes. Bytes. */
const MAXIMUM_BODY_BYTES = 256 * 1024;

/** The orchestrator's routes, on any implementation of what it needs. */
export function createApp(deps: OrchestratorDeps): Hono {
  const app = new Hono().basePath("/orchestrator");

  app.use(async (c, next) => {
    if (!isOneOf(c.req.header("apikey"), deps.orchestratorKeys)) {
      throw new RequestError("key_invalid", 403);
    }
    await next();
  });
  app.post("/", bodyLimit({ maxSize: MAXIMUM_BODY_BYTES, onError: refuseBody }), async (c) => {
    const { conversationId } = await parseDispatch(c.req.raw);
    deps.inBackground(answer(deps, conversationId));
    return c.json({ status: "accepted" }, 202);
  });
  app.all("/", () => {
    throw new RequestError("method_not_allowed", 405);
  });

  app.notFound((c) => c.json({ error: "not_found" }, 404));
  app.onError((error, c) => {
    if (!(error instanceof RequestError)) throw error;
    deps.report({ event: "dispatch.refused", code: error.code });
    return c.json({ error: error.code }, error.status);
  });
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

function refuseBody(): never {
  throw new RequestError("body_too_large", 413);
}
