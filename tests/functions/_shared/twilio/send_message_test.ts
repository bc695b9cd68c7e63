/** Every end that a POST to Twilio can have, and what it proves. */
import assert from "node:assert/strict";
import {
  type OutgoingMessage,
  SEND_TIMEOUT_MS,
  sendMessage,
} from "../../../../supabase/functions/_shared/twilio/send_message.ts";
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  BUSINESS,
  CUSTOMER,
  messageSid,
} from "../../../support/factories.ts";

const ACCOUNT = {
  publicFunctionsUrl: "https://bot.example/functions/v1",
  twilioApiUrl: "https://api.twilio.com",
  twilioAccountSid: ACCOUNT_SID,
  twilioAuthToken: AUTH_TOKEN,
};
const MESSAGE_ID = "a0000000-0000-4000-8000-000000000001";
const MESSAGE = {
  messageId: MESSAGE_ID,
  fromAddress: BUSINESS,
  toAddress: CUSTOMER,
  bodyText: "Olá & <b> 😀",
  template: null,
};

/** Sends to a Twilio that answers so, and gives back the outcome and what Twilio was sent. */
async function sendTo(
  answer: () => Response | Promise<Response>,
  message: OutgoingMessage = MESSAGE,
) {
  const requests: [string, RequestInit][] = [];
  const outcome = await sendMessage(ACCOUNT, message, async (url, init = {}) => {
    requests.push([String(url), init]);
    return await answer();
  });
  assert.equal(requests.length, 1, "it is sent once");
  return { outcome, url: requests[0]?.[0], init: requests[0]?.[1] ?? {} };
}

Deno.test("sendMessage() posts a form with Basic auth to the account's messages", async () => {
  const { url, init } = await sendTo(() => Response.json({}, { status: 201 }));
  const request = new Request(url ?? "", init);
  assert.equal(url, `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`);
  assert.equal(request.method, "POST");
  const credentials = btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`);
  assert.equal(request.headers.get("authorization"), `Basic ${credentials}`);
  const form = Object.fromEntries(new URLSearchParams(await request.text()));
  assert.deepEqual(form, {
    ...{ From: BUSINESS, To: CUSTOMER, Body: MESSAGE.bodyText },
    StatusCallback:
      `https://bot.example/functions/v1/twilio-webhook/status?message_id=${MESSAGE_ID}`,
  });
});

Deno.test("sendMessage() posts a template's ContentSid and variables instead of the text", async () => {
  const template = { contentSid: `HX${"0".repeat(32)}`, contentVariables: '{"1":"Olá"}' };
  const { url, init } = await sendTo(
    () => Response.json({}, { status: 201 }),
    { ...MESSAGE, template },
  );
  const form = new URLSearchParams(await new Request(url ?? "", init).text());
  assert.equal(form.get("ContentSid"), template.contentSid);
  assert.equal(form.get("ContentVariables"), '{"1":"Olá"}');
  assert.equal(form.has("Body"), false);
});

Deno.test("sendMessage() follows no redirect and waits for a limited time", async () => {
  const { init } = await sendTo(() => Response.json({}, { status: 201 }));
  assert.equal(init.redirect, "manual");
  assert.ok(init.signal instanceof AbortSignal && !init.signal.aborted);
  assert.ok(SEND_TIMEOUT_MS < 30_000, "shorter than the lease of a send");
});

Deno.test("sendMessage() is handed_over when Twilio created the message", async () => {
  const sid = messageSid();
  const { outcome } = await sendTo(() => Response.json({ sid, status: "queued" }, { status: 201 }));
  assert.deepEqual(outcome, {
    outcome: "handed_over",
    providerMessageId: sid,
    deliveryStatus: "queued",
  });
});

const refusal = (code: number) => ({ code, message: "Twilio's words", status: 400 });
const answers: [outcome: string, errorCode: string, status: number, body: unknown][] = [
  ["refused", "21211", 400, refusal(21211)],
  ["refused", "21610", 400, refusal(21610)],
  ["refused", "63016", 400, refusal(63016)],
  ["refused", "http_404", 404, {}],
  ["refused", "http_400", 400, { code: 5511987654321, message: "a number, and no code" }],
  ["refused", "http_403", 403, { error: "some proxy" }],
  ["postponed", "20429", 429, refusal(20429)],
  ["postponed", "http_429", 429, {}],
  ["postponed", "21611", 400, refusal(21611)],
  ["postponed", "14107", 400, refusal(14107)],
  ["postponed", "20003", 401, refusal(20003)],
  ["postponed", "http_401", 401, {}],
  ["uncertain", "20500", 500, refusal(20500)],
  ["uncertain", "http_503", 503, {}],
  ["uncertain", "http_307", 307, {}],
  ["uncertain", "answer_unreadable", 201, {}],
  ["uncertain", "answer_unreadable", 201, { sid: "SMx", status: "queued" }],
  ["uncertain", "answer_unreadable", 200, null],
];

for (const [expected, errorCode, status, body] of answers) {
  const answer = JSON.stringify(body);
  Deno.test(`sendMessage() is ${expected} when Twilio answers ${status} ${answer}`, async () => {
    const { outcome } = await sendTo(() => Response.json(body, { status }));
    const errorMessage = answer.includes("words") ? "Twilio's words" : "";
    assert.deepEqual(outcome, { outcome: expected, errorCode, errorMessage });
  });
}

const html = (status: number) => new Response("<html>Bad gateway</html>", { status });
const noJson: [outcome: string, errorCode: string, reason: string, answer: () => Response][] = [
  ["uncertain", "answer_unreadable", "its success is HTML", () => html(201)],
  ["uncertain", "answer_unreadable", "its success ends early", () => new Response(`{"sid":`)],
  ["uncertain", "http_502", "its failure is HTML", () => html(502)],
  ["postponed", "http_429", "its 429 is HTML", () => html(429)],
  ["refused", "http_413", "its refusal is HTML", () => html(413)],
];
const unsent: [outcome: string, errorCode: string, reason: string, error: unknown][] = [
  ["uncertain", "no_answer", "the connection breaks", new TypeError("connection reset")],
  ["uncertain", "no_answer", "the request breaks off", denoError("client error (SendRequest)")],
  ["uncertain", "timeout", "Twilio takes too long", new DOMException("x", "TimeoutError")],
  ["uncertain", "no_answer", "something else is thrown", "no error at all"],
  ["postponed", "twilio_unreachable", "nobody listens", denoError("client error (Connect)")],
  [
    ...["postponed", "twilio_unreachable", "nobody listens (said by the cause)"] as const,
    new TypeError("fetch failed", { cause: denoError("client error (Connect)") }),
  ],
];

/** As Deno words it, from its HTTP client's words. */
function denoError(where: string): Error {
  return new TypeError(
    `error sending request for url (https://api.twilio.com/): ${where}: tcp connect error`,
  );
}

for (const [expected, errorCode, reason, answer] of noJson) {
  Deno.test(`sendMessage() is ${expected} when ${reason}`, async () => {
    const { outcome } = await sendTo(answer);
    assert.deepEqual(outcome, { outcome: expected, errorCode, errorMessage: "" });
  });
}

for (const [expected, errorCode, reason, error] of unsent) {
  Deno.test(`sendMessage() is ${expected} when ${reason}`, async () => {
    const { outcome } = await sendTo(() => {
      throw error;
    });
    assert.deepEqual(outcome, { outcome: expected, errorCode, errorMessage: "" });
  });
}
