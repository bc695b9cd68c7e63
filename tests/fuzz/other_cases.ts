/** Requests to the doors that a key opens, and what is hardly a request at all. */
import { MEDIA_KEY, OPERATIONS_KEY, ORCHESTRATOR_KEY, SYNC_KEY } from "../../local/credentials.ts";
import type { FuzzCase } from "./fuzz_case.ts";
import type { Random } from "./random.ts";
import { dressed, oddHeaders } from "./request_bytes.ts";
import { nastyText } from "./texts.ts";

const KEYS: Record<string, string> = {
  orchestrator: ORCHESTRATOR_KEY,
  "twilio-sync": SYNC_KEY,
  operations: OPERATIONS_KEY,
  media: MEDIA_KEY,
};
const METHODS = [
  "POST",
  "POST",
  "POST",
  "GET",
  "HEAD",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "BREW",
];
const PATHS = [
  "",
  "",
  "",
  "/",
  "/health",
  "/metrics",
  "/status",
  "/x",
  "//",
  "/%00",
  "/..%2f",
  "/%zz",
];

/** A request to any function, with its key or without. */
export function anyDoor(random: Random, names: readonly string[]): FuzzCase {
  const name = random.pick(names);
  const isDirect = random.chance(0.15);
  const path = `${isDirect ? "" : "/functions/v1"}/${name}${random.pick(PATHS)}`;
  const key = random.pick([KEYS[name] ?? "none", KEYS[name] ?? "none", "wrong", "", null]);
  const line = `${random.pick(METHODS)} ${path}${random.pick(["", "", "?a=%ff&a", "?%"])} HTTP/1.1`;
  const request = dressed({
    line,
    headers: [
      `content-type: ${
        random.pick(["application/json", "application/json", "text/plain", ";", ""])
      }`,
      ...(key === null ? [] : [`apikey: ${key}`]),
      ...oddHeaders(random),
    ],
    body: jsonBytes(random),
  }, random);
  return {
    what: `${line}, ${key === KEYS[name] ? "with" : "without"} its key${
      isDirect ? ", direct" : ""
    }`,
    target: isDirect ? `function:${name}` : "gateway",
    ...request,
    ...{ signed: null, breaksOff: false, expected: { status: [], stored: "nowhere" } },
  };
}

/** JSON, nearly JSON, and JSON that is too much. */
function jsonBytes(random: Random): string {
  const id = random.uuid();
  const text = random.pick([
    `{"conversationId":"${id}"}`,
    `{"conversationId":"${id}","conversationId":1e309}`,
    `{"conversationId":${"9".repeat(500)}}`,
    `{"conversationId":{"toString":null},"__proto__":{"conversationId":"${id}"}}`,
    `[{"conversationId":"${id}"}]`,
    `{"conversationId":"${id}"`,
    `{"conversationId":"\\ud800\\u0000"}`,
    "[".repeat(random.pick([100, 20_000])),
    `{"a":`.repeat(5000),
    JSON.stringify({ conversationId: nastyText(random), [nastyText(random)]: [nastyText(random)] }),
    ...["", "null", "0", '""', "NaN", "\u0000", "\ufeff{}"],
    "x".repeat(300_000),
  ]);
  const bytes = String.fromCharCode(...new TextEncoder().encode(text.slice(0, 60_000)));
  return text.length > 60_000 ? text : random.chance(0.1) ? bytes + "\xff\xc3" : bytes;
}

/** A request that breaks the rules of HTTP, or breaks off. */
export function brokenRequest(random: Random, names: readonly string[]): FuzzCase {
  const name = random.pick(names);
  const isDirect = random.chance(0.3);
  const path = `${isDirect ? "" : "/functions/v1"}/${name}`;
  const start = `POST ${path} HTTP/1.1\r\nhost: gateway.test\r\n` +
    `content-type: application/x-www-form-urlencoded\r\nx-twilio-signature: ${"A".repeat(28)}\r\n` +
    `apikey: ${KEYS[name] ?? "none"}\r\n`;
  const [what, head, body] = random.pick<[string, string, string]>([
    ["a body shorter than its length", `${start}content-length: 100\r\n\r\n`, "Body=x"],
    ["a long body that breaks off", `${start}content-length: 400000\r\n\r\n`, "x".repeat(5000)],
    ["a body longer than its length", `${start}content-length: 3\r\n\r\n`, "Body=x&a=b"],
    ["a negative length", `${start}content-length: -5\r\n\r\n`, "Body=x"],
    ["a length beyond numbers", `${start}content-length: ${"9".repeat(30)}\r\n\r\n`, "Body=x"],
    ["two lengths", `${start}content-length: 6\r\ncontent-length: 3\r\n\r\n`, "Body=x"],
    [
      "length and chunks",
      `${start}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n`,
      "0\r\n\r\n",
    ],
    ["no length", `${start}\r\n`, "Body=x"],
    ["a chunk that is no number", `${start}transfer-encoding: chunked\r\n\r\n`, "zz\r\nBody\r\n"],
    ["a chunk that breaks off", `${start}transfer-encoding: chunked\r\n\r\n`, "ff\r\nBody=x"],
    [
      "a chunk beyond numbers",
      `${start}transfer-encoding: chunked\r\n\r\n`,
      `${"f".repeat(20)}\r\nx`,
    ],
    ["gzip as its transfer", `${start}transfer-encoding: gzip, chunked\r\n\r\n`, "0\r\n\r\n"],
    ["a path without end", `POST ${path}/${"a".repeat(70_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, ""],
    ["a query without end", `POST ${path}?${"a=b&".repeat(5000)} HTTP/1.1\r\nhost: a\r\n\r\n`, ""],
    ["two hundred headers", `${start}${"x-a: b\r\n".repeat(200)}\r\n`, ""],
    ["a header without end", `${start}x-a: ${"b".repeat(500_000)}\r\n\r\n`, ""],
    ["a NUL in a header", `${start}x-a: b\u0000c\r\n\r\n`, ""],
    ["a header without a colon", `${start}nonsense\r\n\r\n`, ""],
    ["another version", `POST ${path} HTTP/9.9\r\nhost: a\r\n\r\n`, ""],
    ["no host", `POST ${path} HTTP/1.1\r\ncontent-length: 0\r\n\r\n`, ""],
    [
      "an absolute URL",
      `POST http://evil.test${path} HTTP/1.1\r\nhost: b\r\ncontent-length: 0\r\n\r\n`,
      "",
    ],
    ["raw bytes in its path", `POST ${path}/\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n`, ""],
    [
      "an upgrade",
      `${start}connection: upgrade\r\nupgrade: websocket\r\ncontent-length: 0\r\n\r\n`,
      "",
    ],
    ["HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""],
    ["headers that break off", start.slice(0, random.int(1, start.length)), ""],
    [
      "noise",
      "",
      random.several(random.int(1, 2000), () => String.fromCharCode(random.int(0, 255))).join(""),
    ],
  ]);
  return {
    what: `${name}: ${what}${isDirect ? ", direct" : ""}`,
    target: isDirect ? `function:${name}` : "gateway",
    ...{ head, body, signed: null, breaksOff: true },
    expected: { status: [], stored: "nowhere" },
  };
}
