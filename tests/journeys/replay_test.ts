/** The same signed bytes, split in different ways, through every real part at the same moment. */
import assert from "node:assert/strict";
import { sign } from "../../supabase/functions/_shared/twilio/signature.ts";
import { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN } from "../../local/credentials.ts";
import { messageSid } from "../support/factories.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

const BUSINESS = "whatsapp:+14155238886";
const CUSTOMER = "whatsapp:+5511900000001";
const ROUNDS = 15;

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

async function post({ stack }: TestStack, form: Form, signature: string): Promise<Response> {
  return await fetch(stack.webhookUrl, {
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
