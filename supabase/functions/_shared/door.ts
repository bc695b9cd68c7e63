/** What the doors of all functions have in common: their place, their refusals, their keys. */
import type { Context, MiddlewareHandler, Next } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Hono } from "hono/tiny";
import { RequestError } from "./errors.ts";
import type { Report } from "./events.ts";
import { isOneOf } from "./same_secret.ts";

/** No caller of ours sends more than some kilobytes; nothing is read past this. Bytes. */
const MAXIMUM_BODY_BYTES = 256 * 1024;

/**
 * An app below `/<name>`, where the platform puts the function of that name. What it throws as a
 * `RequestError` becomes an answer `{"error": "<code>"}` and a report; other paths answer 404.
 */
export function createDoor(name: string, report: Report): Hono {
  // Not strict: whoever configured a slash at the end must not lose messages over it.
  const app = new Hono({ strict: false }).basePath(`/${name}`);
  app.notFound((c) => c.json({ error: "not_found" }, 404));
  app.onError((error, c) => {
    if (!(error instanceof RequestError)) throw error;
    report({ event: "request.refused", code: error.code });
    return c.json({ error: error.code }, error.status);
  });
  return app;
}

/** Answers 403 to whoever does not show one of these keys in the header `apikey`. */
export function requireKey(keys: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    if (!isOneOf(c.req.header("apikey"), keys)) throw new RequestError("key_invalid", 403);
    await next();
  };
}

const limitSize = bodyLimit({
  maxSize: MAXIMUM_BODY_BYTES,
  onError: () => {
    throw new RequestError("body_too_large", 413);
  },
});

/** Answers 413 to a body that is too large, before it is read, and 400 to one that breaks off. */
export const limitBody: MiddlewareHandler = async (
  c: Context,
  next: Next,
): Promise<Response | void> => {
  try {
    return await limitSize(c, next);
  } catch (error) {
    // A body whose length was not said is read here.
    throw error instanceof RequestError ? error : new RequestError("body_unreadable", 400);
  }
};

/** The body as text. Throws a `RequestError` when it breaks off. */
export async function readText(request: Request): Promise<string> {
  try {
    return await request.text();
  } catch {
    throw new RequestError("body_unreadable", 400);
  }
}

/** Answers 405: for the methods that a path does not have. */
export function refuseMethod(): never {
  throw new RequestError("method_not_allowed", 405);
}
