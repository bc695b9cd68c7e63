/**
 * Keeps every website in the operator's browser out: a request must carry the token of the printed
 * URL and name a loopback host (DNS rebinding), and what changes something, our own origin (CSRF).
 */
import type { MiddlewareHandler } from "hono";
import { isOneOf } from "../../supabase/functions/_shared/same_secret.ts";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** No script, style or frame but our own files; nothing is kept by caches or told to others. */
const HEADERS: Record<string, string> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** Refuses with 403, and says which of the three was wrong. */
export function guard(token: string): MiddlewareHandler {
  return async (context, next) => {
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    const refusal = refusalOf(context.req.raw, token);
    if (refusal) return context.text(`Cannot answer: ${refusal}`, 403);
    return await next();
  };
}

function refusalOf(request: Request, token: string): string | undefined {
  const host = request.headers.get("host") ?? "";
  if (!LOOPBACK.test(host)) return "the Host is not loopback";
  const origin = request.headers.get("origin");
  const isRead = request.method === "GET" || request.method === "HEAD";
  // A browser names the origin of whatever changes something; of what it only reads, not always.
  if (origin === null ? !isRead : origin !== `http://${host}`) return "the Origin is not this page";
  const given = request.headers.get("x-console-token") ??
    new URL(request.url).searchParams.get("token") ?? undefined;
  if (!isOneOf(given, [token])) return "the token is not that of the URL which was printed";
  return undefined;
}
