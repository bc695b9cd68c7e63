/** Who is calling: the role and claims behind an API key or a legacy JWT. */
import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { ApiError } from "./api_error.ts";

export interface Keys {
  publishable: string;
  secret: string;
  /** Signs legacy JWTs (HS256). */
  jwtSecret: string;
}

export interface Identity {
  role: string;
  /** What `request.jwt.claims` says; the role is always among it. */
  claims: Record<string, unknown>;
}

/** How far the clocks of issuer and gateway may differ, in seconds. */
const SKEW_SECONDS = 30;

/**
 * The identity of a request; without key and token it is `anon`. Throws ApiError 401: PGRST301 for
 * a token that was not signed here, PGRST303 for one whose time has passed or not come.
 *
 * The platform's gateway swaps a key for a token before PostgREST sees it. supabase-js sends the
 * key in both headers; a user's own token in `Authorization` wins over the key.
 */
export function identify(headers: Headers, keys: Keys, now: () => number = Date.now): Identity {
  const key = headers.get("apikey");
  const bearer = headers.get("authorization")?.match(/^Bearer\s*(.*)$/i)?.[1];
  const token = key !== null && (bearer?.startsWith("sb_") ?? true) ? key : bearer;
  if (token === undefined) return asRole("anon");
  if (token === keys.secret) return asRole("service_role");
  if (token === keys.publishable) return asRole("anon");
  const claims = verify(token, keys.jwtSecret);
  checkTimes(claims, now() / 1000);
  const role = typeof claims.role === "string" ? claims.role : "anon";
  return { role, claims: { ...claims, role } };
}

function asRole(role: string): Identity {
  return { role, claims: { role } };
}

function verify(token: string, secret: string): Record<string, unknown> {
  if (token === "") throw undecodable("Empty JWT is sent in Authorization header");
  const parts = token.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3) throw undecodable(`Expected 3 parts in JWT; got ${parts.length}`);
  if (parsePart(header)?.alg !== "HS256") {
    throw undecodable("Wrong or unsupported encoding algorithm");
  }
  const expected = createHmac("sha256", secret).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw undecodable(
      "No suitable key or wrong key type",
      "None of the keys was able to decode the JWT",
    );
  }
  const claims = parsePart(payload);
  if (!claims) throw unacceptable("Parsing claims failed");
  return claims;
}

function checkTimes(claims: Record<string, unknown>, nowSeconds: number) {
  for (const name of ["exp", "nbf", "iat"]) {
    if (claims[name] !== undefined && typeof claims[name] !== "number") {
      throw unacceptable(`The JWT '${name}' claim must be a number`);
    }
  }
  const { exp = Infinity, nbf = -Infinity, iat = -Infinity } = claims as Record<string, number>;
  if (nowSeconds - SKEW_SECONDS > exp) throw unacceptable("JWT expired");
  if (nowSeconds + SKEW_SECONDS < nbf) throw unacceptable("JWT not yet valid");
  if (nowSeconds + SKEW_SECONDS < iat) throw unacceptable("JWT issued at future");
}

function parsePart(part: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, "base64url").toString());
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function undecodable(message: string, details: string | null = null): ApiError {
  return unauthorized("PGRST301", message, details);
}

function unacceptable(message: string): ApiError {
  return unauthorized("PGRST303", message, null);
}

function unauthorized(code: string, message: string, details: string | null): ApiError {
  const challenge = `Bearer error="invalid_token", error_description="${message}"`;
  return new ApiError(401, code, message, { details, headers: { "www-authenticate": challenge } });
}
