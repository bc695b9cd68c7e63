/** Whatever Twilio may put into a webhook is accepted, stored whole, read back equal and answered. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { fromStorable } from "../../supabase/functions/_shared/storable_text.ts";
import { eventually } from "../support/eventually.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { anyCharacter } from "../support/any_character.ts";

const RUNS = Number(Deno.env.get("SWITCHBOARD_PAYLOAD_RUNS") ?? 100);

/** The parameters of Twilio's page, and some that practice shows. Those that make a message are set. */
const NAMES = [
  ...["ProfileName", "WaId", "NumSegments", "MessagingServiceSid", "MessageType", "ApiVersion"],
  ...["ButtonPayload", "ButtonText", "ButtonType", "ListId", "ListTitle", "InteractiveData"],
  ...["FlowData", "ChannelMetadata", "Latitude", "Longitude", "Address", "Label", "FromCity"],
  ...["Forwarded", "FrequentlyForwarded", "ReferralBody", "ReferralHeadline", "ReferralSourceId"],
  ...["ReferralSourceUrl", "ReferralCtwaClid", "OriginalRepliedMessageSid", "ExternalUserId"],
];

const text = fc.string({ unit: "grapheme", maxLength: 40 });
const value = fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 }));

const payload = fc.record({
  parameters: fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.base64String()), value, {
    maxKeys: 12,
  }),
  body: fc.string({ unit: anyCharacter, maxLength: 200 }),
  media: fc.array(fc.constantFrom("image/jpeg", "audio/ogg", "video/mp4", "text/vcard"), {
    maxLength: 10,
  }),
});

Deno.test("any payload of documented and unknown parameters travels whole", async () => {
  await using test = await startTestStack();
  await test.sql`update cc_settings set debounce_ms = 0, customer_burst_messages = 10000`;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(payload, async ({ parameters, body, media }) => {
      const from = `whatsapp:+5511${String(++run).padStart(8, "0")}`;
      const known = Object.fromEntries(
        Object.entries(parameters).filter(([name]) => isFree(name)),
      );
      await travels(test, {
        ...known,
        ...{ from, Body: body, NumMedia: String(media.length) },
        ...Object.fromEntries(media.flatMap((type, n) => [
          [`MediaContentType${n}`, type],
          [`MediaUrl${n}`, `https://api.twilio.com/media/${run}/${n}`],
        ])),
      });
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  await eventually("a reply to every payload", async () => {
    const [waiting] = await test.sql`
      select from cc_messages as message
      where direction = 'inbound' and not exists (
        select from cc_messages as reply
        where reply.turn_id = message.turn_id and reply.send_state = 'handed_over'
      )`;
    return waiting === undefined;
  });
});

/** What the message needs is set by the test; what the simulator itself takes is no parameter. */
function isFree(name: string): boolean {
  return /^[A-Za-z0-9+/=]+$/.test(name) &&
    !/^(From|To|Body|MessageSid|AccountSid|NumMedia|Media.*|SmsSid|SmsMessageSid)$/.test(name) &&
    !["from", "to", "body", "channel", "media", "deliver", "receivedAt"].includes(name);
}

async function travels({ sql, stack }: TestStack, request: Record<string, unknown>) {
  const { messageSid, parameters, response } = await stack.twilio.inbound(request);
  assert.equal(response?.status, 200);

  const [stored] = await sql`
    select body_json from cc_messages where provider_message_id = ${messageSid}`;
  assert.deepEqual(readBack(stored?.["body_json"].parameters), wellFormed(parameters));
}

function readBack(parameters: Record<string, string | string[]>) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      fromStorable(name),
      Array.isArray(value) ? value.map(fromStorable) : fromStorable(value),
    ]),
  );
}

/** A form is UTF-8: half a surrogate pair cannot be in it, and travels as U+FFFD. */
function wellFormed(parameters: Record<string, string | readonly string[]>) {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === "string" ? value.toWellFormed() : value.map((each) => each.toWellFormed()),
    ]),
  );
}
