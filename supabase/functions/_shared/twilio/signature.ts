/**
 * X-Twilio-Signature: base64(HMAC-SHA1(auth token, url + each parameter's name and value, sorted)).
 * Accepts what validateRequest of npm twilio 6.2.0 accepts, without that package's 24 MB.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { parse, stringify } from "node:querystring";

/** Decoded form parameters: name → value, or all its values when the name is repeated. */
export type Parameters =
  | ReadonlyMap<string, string | readonly string[]>
  | Readonly<Record<string, string | readonly string[]>>;

export interface SignedRequest {
  /** The account's primary token; during a rotation the secondary one too. */
  authTokens: readonly string[];
  /** The URL as configured at Twilio, query string included, fragment left out. */
  url: string;
  /** Every parameter of a form body; empty for a GET or a JSON body. */
  parameters: Parameters;
  /** The X-Twilio-Signature header. */
  signature: string | null | undefined;
  /** The body, when it is no form: the URL's bodySHA256 must then be its hash. */
  rawBody?: string | Uint8Array | undefined;
}

/** The signature Twilio sends with these parameters to this URL, in base64 (28 characters). */
export function sign(authToken: string, url: string, parameters: Parameters): string {
  return hmac(authToken, url + signedText(parameters));
}

/** Whether Twilio sent this request. Never throws: what cannot be checked is not Twilio's. */
export function verifySignature(request: SignedRequest): boolean {
  try {
    return isSigned(request) && hasItsBody(request);
  } catch {
    return false;
  }
}

function isSigned({ authTokens, url, parameters, signature, rawBody }: SignedRequest): boolean {
  if (!signature) return false;
  const text = rawBody === undefined ? signedText(parameters) : "";
  // An empty token would let anybody sign.
  const tokens = authTokens.filter((token) => token !== "");
  for (const spelling of spellings(url)) {
    if (tokens.some((token) => isSame(signature, hmac(token, spelling + text)))) return true;
  }
  return false;
}

function hasItsBody({ url, rawBody }: SignedRequest): boolean {
  if (rawBody === undefined) return true;
  const expected = new URL(url).searchParams.get("bodySHA256") ?? "";
  return isSame(expected, createHash("sha256").update(rawBody).digest("hex"));
}

/** Names in UTF-16 order; the values of a repeated name sorted and each once; no delimiters. */
function signedText(parameters: Parameters): string {
  const entries = parameters instanceof Map ? [...parameters] : Object.entries(parameters);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => valuesOf(value).map((each) => name + each)).join("");
}

function valuesOf(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : [...new Set(value)].sort();
}

function hmac(authToken: string, text: string): string {
  return createHmac("sha1", authToken).update(text, "utf8").digest("base64");
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [new TextEncoder().encode(given), new TextEncoder().encode(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Twilio's back ends do not agree on one spelling of a URL: with or without the standard port, as
 * it was typed or as URL() writes it, and some with an older encoding of the query.
 */
function* spellings(url: string): Generator<string> {
  // As it was configured, it is nearly always right: the others are made only when it is not.
  yield url;
  const others = new Set([withoutPort(url), withPort(url)]);
  if (URL.canParse(url)) {
    const written = new URL(url).toString();
    const normal = [withoutPort(written), withPort(written)];
    for (const spelling of [...normal, ...normal.map(withOlderQuery)]) others.add(spelling);
  }
  others.delete(url);
  yield* others;
}

function withoutPort(url: string): string {
  const parts = split(url);
  return parts ? parts.scheme + parts.credentials + parts.host + parts.rest : url;
}

function withPort(url: string): string {
  const parts = split(url);
  if (!parts || parts.port !== "") return url;
  const port = parts.scheme.toLowerCase() === "https://" ? ":443" : ":80";
  return parts.scheme + parts.credentials + parts.host + port + parts.rest;
}

function withOlderQuery(url: string): string {
  const start = url.indexOf("?") + 1;
  return start === 0 || start === url.length
    ? url
    : url.slice(0, start) + stringify(parse(url.slice(start)));
}

/** The parts as typed: URL() would re-encode them, and drop the standard port. */
function split(url: string) {
  const [prefix, scheme, authority] = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i.exec(url) ?? [];
  if (prefix === undefined || scheme === undefined || authority === undefined) return undefined;
  const credentials = authority.slice(0, authority.lastIndexOf("@") + 1);
  const hostAndPort = authority.slice(credentials.length);
  // The colons of an IPv6 address stand before its closing bracket.
  const colon = hostAndPort.indexOf(":", hostAndPort.lastIndexOf("]") + 1);
  const end = colon === -1 ? hostAndPort.length : colon;
  return {
    scheme,
    credentials,
    host: hostAndPort.slice(0, end),
    port: hostAndPort.slice(end),
    rest: url.slice(prefix.length),
  };
}
