/** A code leaves once, by SMS, from our own number. */
import assert from "node:assert/strict";
import { createSmsCodeSender } from "../../../../supabase/functions/orchestrator/bank/code_sender.ts";

const ACCOUNT = {
  publicFunctionsUrl: "https://project.supabase.co/functions/v1",
  twilioApiUrl: "https://api.twilio.com",
  twilioAccountSid: "AC0123456789abcdef0123456789abcdef",
  twilioAuthToken: "token",
};
const CODE = {
  challengeId: "c0000000-0000-4000-8000-0000000000c0",
  ...{ phone: "+5511912345678", code: "012345", validMinutes: 10 },
};
const signal = new AbortController().signal;

function answering(answer: () => Response | Promise<Response>) {
  const bodies: URLSearchParams[] = [];
  const fetch = (_: unknown, init?: RequestInit) => {
    bodies.push(init?.body as URLSearchParams);
    return Promise.resolve().then(answer);
  };
  return { bodies, sender: createSmsCodeSender(ACCOUNT, "+15005550006", fetch as never) };
}

Deno.test("send() posts the code to the number, with its zeros", async () => {
  const sid = `SM${"a".repeat(32)}`;
  const { bodies, sender } = answering(() => Response.json({ sid, status: "queued" }));
  assert.equal(await sender.send(CODE, signal), null);
  assert.equal(bodies.length, 1);
  assert.equal(bodies[0]?.get("To"), CODE.phone);
  assert.equal(bodies[0]?.get("From"), "+15005550006");
  assert.match(bodies[0]?.get("Body") ?? "", /^012345 is your code\. It is valid for 10 minutes/);
});

Deno.test("send() says why Twilio did not take it", async () => {
  const refused = () => Response.json({ code: 21211, message: "no" }, { status: 400 });
  assert.equal(await answering(refused).sender.send(CODE, signal), "21211");
});

Deno.test("send() counts a code as sent when nobody knows", async () => {
  const lost = () => Promise.reject(new Error("reset"));
  const { bodies, sender } = answering(lost);
  assert.equal(await sender.send(CODE, signal), null);
  assert.equal(bodies.length, 1);
});
