/** Tokens as Supabase signs them for users. */
import { createHmac } from "node:crypto";
import { JWT_SECRET } from "../../local/credentials.ts";

/** A JWT with these claims, signed with HS256 by the local stack's secret. */
export function legacyJwt(claims: Record<string, unknown>): string {
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", JWT_SECRET).update(signed).digest("base64url")}`;
}
