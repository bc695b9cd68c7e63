/** HTTP/1.1 by hand, since no client sends what some clients send. One character a byte. */
import type { Random } from "./random.ts";

export interface Dress {
  line: string;
  headers: string[];
  body: string;
}

/** The request with its length said, or in chunks. */
export function dressed(
  { line, headers, body }: Dress,
  random: Random,
): { head: string; body: string } {
  const isChunked = random.chance(0.15);
  const framing = isChunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`;
  const all = [line, "host: gateway.test", "connection: close", ...headers, framing];
  return { head: all.join("\r\n") + "\r\n\r\n", body: isChunked ? chunked(body, random) : body };
}

/** Headers that mean nothing to us, or claim what is not so. */
export function oddHeaders(random: Random): string[] {
  if (random.chance(0.5)) return [];
  return random.several(random.int(1, 3), () =>
    random.pick([
      "content-encoding: gzip",
      "accept-encoding: gzip, br, zstd, *;q=0",
      "x-forwarded-host: evil.test",
      "x-forwarded-proto: gopher",
      "forwarded: for=unknown;host=evil.test",
      "x-http-method-override: DELETE",
      "expect: 100-continue",
      "range: bytes=0-1",
      "if-none-match: *",
      "cookie: a=b; __proto__=c; =;",
      "authorization: Bearer " + random.word(40),
      "accept: text/html;q=2, */*;q=abc",
      "x-long: " + "y".repeat(6000),
      "x-latin: \xe9\xff",
      "x-empty:",
    ]));
}

function chunked(body: string, random: Random): string {
  let [rest, written] = [body, ""];
  while (rest !== "") {
    const part = rest.slice(0, random.int(1, Math.max(1, body.length)));
    rest = rest.slice(part.length);
    const extension = random.chance(0.1) ? ";a=b" : "";
    written += `${part.length.toString(16)}${extension}\r\n${part}\r\n`;
  }
  return `${written}0\r\n\r\n`;
}
