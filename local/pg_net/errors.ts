/** curl's own words for what can go wrong with a request. */

export class CurlError extends Error {}

/** The error curl would give where Deno gave this one. */
export function curlErrorFor(error: unknown): CurlError {
  if (error instanceof CurlError) return error;
  const text = String(error);
  return new CurlError(
    WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? "Couldn't connect to server",
  );
}

const WORDS: [RegExp, string][] = [
  [/lookup address|NameResolution|resolve host/i, "Couldn't resolve host name"],
  [/peer certificate|UnknownIssuer/i, "SSL peer certificate or SSH remote key was not OK"],
  [/\btls\b|ssl|handshake|corrupt message|InvalidContentType|InvalidData/i, "SSL connect error"],
  [/ConnectionReset|BrokenPipe|ConnectionAborted/i, "Failure when receiving data from the peer"],
];
