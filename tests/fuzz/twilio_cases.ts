/** Requests to Twilio's door: right ones in odd dress, wrong ones, and all that is in between. */
import { BUSINESS_ADDRESS, TWILIO_ACCOUNT_SID } from "../../local/credentials.ts";
import { brokenText, formBytes } from "./form_bytes.ts";
import type { FuzzCase, Pairs } from "./fuzz_case.ts";
import type { Random } from "./random.ts";
import { type Dress, dressed, oddHeaders } from "./request_bytes.ts";
import { nastyName, nastyText } from "./texts.ts";

const WEBHOOK = "/functions/v1/twilio-webhook";
const STATUS = `${WEBHOOK}/status`;
const FORM = "application/x-www-form-urlencoded";
const CUSTOMERS = 60;
/** Bytes of a body that is taken. */
const MAXIMUM_BODY = 256 * 1024;

/** A right message with anything in it: kept whole. */
export function rightMessage(random: Random): FuzzCase {
  return twilioCase(random, {
    ...{ what: "a message", path: WEBHOOK, pairs: messagePairs(random) },
    expected: { status: [200], stored: "cc_messages" },
  });
}

/** Signed, but no message: kept whole all the same. */
export function wrongMessage(random: Random): FuzzCase {
  const [name, value] = random.pick<[string, string | null]>([
    ["MessageSid", null],
    ["MessageSid", ""],
    ["MessageSid", `SM${random.word(31)}`],
    ["MessageSid", nastyText(random) + "!"],
    ["AccountSid", null],
    ["AccountSid", "AC" + random.word(32)],
    ["From", null],
    ["From", " "],
    ["From", `messenger:${random.word(10)}`],
    ["From", "whatsapp:" + "9".repeat(300)],
    ["To", null],
    ["To", "\t"],
    ["To", "+".repeat(301)],
  ]);
  const pairs = messagePairs(random).filter((pair) => pair[0] !== name);
  return twilioCase(random, {
    what: `no message, for its ${name}`,
    path: WEBHOOK,
    pairs: [
      ...pairs,
      ["Nonce", random.word(12)],
      ...(value === null ? [] : [[name, value]]),
    ] as Pairs,
    expected: { status: [200], stored: "cc_rejected_webhooks" },
  });
}

/** A callback for a message that nobody knows, or one that says nothing. */
export function statusCallback(random: Random): FuzzCase {
  const isWhole = random.chance(0.5);
  const status = isWhole
    ? random.pick(["sent", "delivered", "read", "failed", "a_new_word"])
    : random.pick(["", "Sent!", "x".repeat(41), nastyText(random) + "!"]);
  const id = random.pick([random.uuid(), "%00", "%zz", "1", "", "a%26b", "%F0%9F%98%80"]);
  return twilioCase(random, {
    what: `a callback, ${isWhole ? "whole" : "without a status"}`,
    path: STATUS + random.pick(["", `?message_id=${id}`, `?message_id=${id}&message_id=2`, "?x"]),
    pairs: [
      ["MessageSid", `SM${random.word(32)}`],
      ["MessageStatus", status],
      ["AccountSid", TWILIO_ACCOUNT_SID],
      ["ErrorCode", random.pick(["30008", "x", "9".repeat(50), nastyText(random)])],
      ...anyPairs(random).filter(([name]) => !["MessageStatus", "MessageSid"].includes(name)),
    ],
    expected: { status: [200], stored: isWhole ? "nowhere" : "cc_rejected_webhooks" },
  });
}

/** A message of which one thing is wrong that lets nobody in. */
export function refusedMessage(random: Random): FuzzCase {
  const right = rightMessage(random);
  const nowhere = (what: string, change: Partial<FuzzCase>, status: number[]): FuzzCase => ({
    ...{ ...right, ...change, what: `${right.what}, ${what}` },
    // One that is too large besides may be refused for either.
    expected: {
      status: [...status, ...right.expected.status.filter(isRefusal)],
      stored: "nowhere",
    },
  });
  const head = (from: RegExp, to: string) => ({ head: right.head.replace(from, to) });
  const noise = random.word(27, "ABCxyz019+/") + "=";
  return random.pick([
    () => nowhere("unsigned", head(/^x-twilio-signature:.*\r\n/mi, ""), [403]),
    () => nowhere("wrongly signed", head(/\{\{signature\}\}/, noise), [403]),
    () => nowhere("with half a signature", head(/\{\{signature\}\}/, "A"), [403]),
    () => nowhere("signed for another path", { signed: { path: STATUS, pairs: [] } }, [403]),
    () => nowhere("put", head(/^POST/, "PUT"), [405]),
    () => nowhere("deleted", head(/^POST/, "DELETE"), [405]),
    () => nowhere("by a method of its own", head(/^POST/, "BREW"), [405]),
    () => nowhere("as JSON", head(/^content-type:.*$/mi, "content-type: application/json"), [415]),
    () => nowhere("as nothing", head(/^content-type:.*\r\n/mi, ""), [415]),
    () => nowhere("nowhere", head(/twilio-webhook/, "twilio-webhook/x%2f..%00"), [404]),
    () => nowhere("to nobody", head(/v1\/twilio-webhook|\/twilio-webhook/, "/nobody"), [404]),
    () => ({
      ...twilioCase(random, {
        what: "a message that is too large",
        path: WEBHOOK,
        pairs: [...messagePairs(random), ["Big", "x".repeat(270_000)]],
        expected: { status: [413], stored: "nowhere" },
      }),
    }),
  ])();
}

function isRefusal(status: number): boolean {
  return status >= 400;
}

function messagePairs(random: Random): Pairs {
  const sid = `${random.pick(["SM", "MM"])}${random.word(32)}`;
  return [
    ["MessageSid", sid],
    ["AccountSid", TWILIO_ACCOUNT_SID],
    ["From", address(random)],
    ["To", BUSINESS_ADDRESS],
    ["Body", random.chance(0.5) ? "Hello" : nastyText(random)],
    ["ProfileName", nastyText(random)],
    ["NumMedia", random.pick(["0", "1", "-1", "1e9", "x"])],
    // What comes again must not change what the first one said.
    ...anyPairs(random),
    ...(random.chance(0.1) ? [["From", nastyText(random)]] as Pairs : []),
  ];
}

function address(random: Random): string {
  if (random.chance(0.8)) {
    return `whatsapp:+55119${String(random.int(1, CUSTOMERS)).padStart(8, "0")}`;
  }
  return random.pick([
    `whatsapp:BR.${random.word(20)}`,
    `+49151${random.word(7, "0123456789")}`,
    `whatsapp:${nastyText(random).slice(0, 120)}x`,
  ]);
}

function anyPairs(random: Random): Pairs {
  const count = random.chance(0.02) ? 10_000 : random.int(0, 12);
  if (count === 10_000) return random.several(count, () => [`p${random.word(5)}`, random.word(3)]);
  const names = random.several(count, () => nastyName(random));
  const pairs = names.map((name): Pairs[number] => [name, nastyText(random).slice(0, 3000)]);
  const repeated = random.chance(0.3) && names[0] !== undefined ? names[0] : null;
  const media = random.chance(0.1)
    ? random.several(random.int(1, 12), (): Pairs[number] => [
      `MediaUrl${random.int(0, 1000)}`,
      nastyText(random),
    ])
    : [];
  return [
    ...pairs,
    ...(repeated === null
      ? []
      : random.several(3, (): Pairs[number] => [repeated, nastyText(random)])),
    ...media,
  ];
}

interface TwilioRequest extends Pick<FuzzCase, "what" | "expected"> {
  path: string;
  pairs: Pairs;
}

function twilioCase(random: Random, { what, path, pairs, expected }: TwilioRequest): FuzzCase {
  const broken = random.chance(0.2) ? brokenText(random) : null;
  const all: Pairs = broken ? [...pairs, ["Broken", broken.text]] : pairs;
  const body = formBytes(all, new Map(broken ? [[broken.text, broken.bytes]] : []), random);
  const isDirect = random.chance(0.15);
  const seen = isDirect ? path.replace("/functions/v1", "") : path;
  const dress: Dress = {
    line: `POST ${seen} HTTP/1.1`,
    headers: [
      `content-type: ${random.pick([FORM, `${FORM}; charset=UTF-8`, FORM.toUpperCase()])}`,
      "x-twilio-signature: {{signature}}",
      ...oddHeaders(random),
    ],
    body,
  };
  return {
    what: `${what}${broken ? ", broken UTF-8" : ""}${isDirect ? ", direct" : ""}`,
    target: isDirect ? "function:twilio-webhook" : "gateway",
    ...dressed(dress, random),
    signed: { path: path.replace("/functions/v1", ""), pairs: all },
    breaksOff: false,
    expected: body.length > MAXIMUM_BODY ? { status: [413], stored: "nowhere" } : expected,
  };
}
