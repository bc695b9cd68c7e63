/** The same signed bytes, split in different ways, through every real part at the same moment. */
import assert from "node:assert/strict";
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } from "../../local/credentials.ts";
import { messageSid } from "../support/factories.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const BUSINESS = "whatsapp:+14155238886";
const CUSTOMER = "whatsapp:+5511900000001";
const ROUNDS = 15;
const TWIML = [200, '<?xml version="1.0" encoding="UTF-8"?><Response/>'];

type Form = Record<string, string>;

/** One request whose bytes are also a message of somebody else, and one that nobody understands. */
function splits(): Form[] {
  const [sid, other] = [messageSid(), messageSid()];
  const bait = `From${CUSTOMER}MessageSid${other}ProfileNameEveTo${BUSINESS}`;
  const tail = `From${CUSTOMER}MessageSid${sid}To${BUSINESS}`;
  const start = { AccountSid: TWILIO_ACCOUNT_SID, Body: "Hi" };
  return [
    { ...start, Body: `Hi${bait}`, From: CUSTOMER, MessageSid: sid, To: BUSINESS },
    {
      ...{ ...start, From: CUSTOMER, MessageSid: other, ProfileName: "Eve" },
      To: BUSINESS + tail,
    },
    { AccountSid: TWILIO_ACCOUNT_SID, Body: `Hi${bait}${tail}` },
  ];
}

async function post(
  { stack }: TestStack,
  form: Form,
  signature: string,
  path = "",
): Promise<Response> {
  return await fetch(stack.webhookUrl + path, {
    method: "POST",
    headers: { "x-twilio-signature": signature },
    body: new URLSearchParams(form),
  });
}

Deno.test("different splits of the same bytes at once leave one row", async () => {
  await using test = await startTestStack();
  for (let round = 1; round <= ROUNDS; round++) {
    const forms = splits();
    const signatures = forms.map((form) => sign(TWILIO_AUTH_TOKEN, test.stack.webhookUrl, form));
    assert.equal(new Set(signatures).size, 1, "the bytes are the same");
    const answers = await Promise.all(
      [...forms, ...forms].map((form) => post(test, form, signatures[0] ?? "")),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<Response\/>$/);
    }
    const [counts] = await test.sql`
      select (select count(*)::int from cc_messages where direction = 'inbound')
        + (select count(*)::int from cc_rejected_webhooks) as stored,
        (select count(*)::int from cc_private.webhook_signatures) as signatures`;
    assert.deepEqual({ ...counts }, { stored: round, signatures: round });
  }
});

Deno.test("the bytes of a status callback, posted as a message at once, have one effect", async () => {
  await using test = await startTestStack();
  for (let round = 1; round <= ROUNDS; round++) {
    const path = `/status?message_id=${crypto.randomUUID()}`;
    const callback = {
      ...{ AccountSid: TWILIO_ACCOUNT_SID, From: BUSINESS, MessageSid: messageSid() },
      ...{ MessageStatus: "delivered", To: CUSTOMER },
    };
    const asMessage = { [path]: "", ...callback };
    const signature = sign(TWILIO_AUTH_TOKEN, test.stack.webhookUrl + path, callback);
    assert.equal(sign(TWILIO_AUTH_TOKEN, test.stack.webhookUrl, asMessage), signature);
    const answers = await Promise.all([1, 2, 3].flatMap(() => [
      post(test, asMessage, signature),
      post(test, callback, signature, path),
    ]));
    for (const answer of answers) assert.deepEqual([answer.status, await answer.text()], TWIML);
    const effects = await eventually("the effect to be reported", () => {
      const found = test.lines.filter((line) => /"isNew":true|"unknown_message"/.test(line));
      return Promise.resolve(found.length >= round && found);
    });
    assert.equal(effects.length, round, effects.join("\n"));
  }
});
