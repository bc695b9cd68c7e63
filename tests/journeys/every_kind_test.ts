/**
 * Every kind of message that Twilio's page names, and some that it will name one day: each is stored
 * whole under its kind, and answered in words that fit it.
 */
import assert from "node:assert/strict";
import { NO_TEXT } from "../../supabase/functions/_shared/twilio/parse_inbound_message.ts";
import { startTestStack, type TestStack } from "../support/test_stack.ts";

interface Kind {
  name: string;
  /** What the simulator is asked to send, beside the customer's address. */
  request: Record<string, unknown>;
  kind: string;
  /** What else `body_json` says of it. */
  flags?: Record<string, true>;
  reply: RegExp;
}

const media = (...contentTypes: string[]) => ({
  media: contentTypes.map((contentType) => ({ contentType })),
});
const AD = {
  ...{ ReferralSourceId: "ad_1", ReferralSourceType: "ad", ReferralSourceUrl: "https://fb.me/x" },
  ...{ ReferralHeadline: "A card without a fee", ReferralBody: "Ask us", ReferralCtwaClid: "c" },
};
const AD_MEDIA = {
  ...{ ReferralNumMedia: "1", ReferralMediaId: "1", ReferralMediaContentType: "image/jpeg" },
  ReferralMediaUrl: "https://example.com/ad.jpg",
};
const PLACE = { Latitude: "-23.561414", Longitude: "-46.655881" };

const PICTURE = /received the picture/;
const SIMPLE = /simple assistant/;
const HELLO = /^(Hello|Hi|Good)/;

const KINDS: Kind[] = [
  { name: "text", request: { body: "Hello" }, kind: "text", reply: HELLO },
  { name: "text of white space", request: { body: " \n" }, kind: "text", reply: /./ },
  { name: "nothing at all", request: { body: "" }, kind: "text", reply: /describe in words/ },
  { name: "image", request: media("image/jpeg"), kind: "image", reply: PICTURE },
  {
    name: "image with caption",
    request: { ...media("image/png"), body: "Hello" },
    ...{ kind: "image", reply: /picture.*(Hello|Hi|Good)/s },
  },
  { name: "sticker", request: media("image/webp"), kind: "image", reply: PICTURE },
  { name: "voice note", request: media("audio/ogg"), kind: "audio", reply: /the voice message/ },
  {
    name: "audio with caption",
    request: { ...media("audio/mpeg"), body: "Hello" },
    ...{ kind: "audio", reply: /voice message/ },
  },
  { name: "video", request: media("video/mp4"), kind: "video", reply: /the video/ },
  {
    name: "video with caption",
    request: { ...media("video/mp4"), body: "Hello" },
    ...{ kind: "video", reply: /the video/ },
  },
  {
    name: "document",
    request: media("application/pdf"),
    ...{ kind: "document", reply: /the document/ },
  },
  {
    name: "document with caption",
    request: { ...media("application/pdf"), body: "The receipt" },
    ...{ kind: "document", reply: /the document/ },
  },
  {
    name: "several media",
    request: media("image/jpeg", "image/png", "video/mp4", ...Array(7).fill("image/jpeg")),
    ...{ kind: "image", reply: PICTURE },
  },
  { name: "location", request: { ...PLACE, body: "" }, kind: "location", reply: /your location/ },
  {
    name: "location with label",
    request: { ...PLACE, Label: "MASP", Address: "Av. Paulista, 1578", body: "" },
    ...{ kind: "location", reply: /your location/ },
  },
  { name: "contact card", request: media("text/vcard"), kind: "contact", reply: /the contact/ },
  {
    name: "quick-reply button",
    request: {
      ...{ body: "Hello", ButtonText: "Hello", ButtonPayload: "hello_1", ButtonType: "REPLY" },
      ...{ MessageType: "interactive" },
    },
    ...{ kind: "button", reply: HELLO },
  },
  {
    name: "template button",
    request: {
      ...{ body: "Hello", ButtonText: "Hello", ButtonPayload: "hello_1", MessageType: "button" },
      OriginalRepliedMessageSid: `MM${"0".repeat(32)}`,
    },
    ...{ kind: "button", reply: HELLO },
  },
  {
    name: "list reply",
    request: { body: "Hello", ListId: "row_1", ListTitle: "Hello" },
    ...{ kind: "list", reply: HELLO },
  },
  {
    name: "flow response",
    request: {
      body: "",
      FlowData: JSON.stringify({ flow_token: "t", day: "Monday" }),
      InteractiveData: JSON.stringify({ flowResponse: { flow_token: "t" } }),
    },
    ...{ kind: "flow", reply: /the form/ },
  },
  {
    name: "reply to a message that we do not have",
    request: { body: "Hello", OriginalRepliedMessageSid: `SM${"0".repeat(32)}` },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "forwarded text",
    request: { body: "Hello", Forwarded: "true", FrequentlyForwarded: "false" },
    ...{ kind: "text", flags: { forwarded: true }, reply: HELLO },
  },
  {
    name: "frequently forwarded video",
    request: { ...media("video/mp4"), FrequentlyForwarded: "true" },
    ...{ kind: "video", flags: { forwarded: true, frequently_forwarded: true } },
    reply: /the video/,
  },
  {
    name: "not forwarded",
    request: { body: "Hello", Forwarded: "false", FrequentlyForwarded: "false" },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "ad referral",
    request: { ...AD, body: "Hello" },
    ...{ kind: "referral", flags: { referral: true }, reply: HELLO },
  },
  {
    name: "ad referral whose ad has a picture",
    request: { ...AD, ...AD_MEDIA, body: "Hello" },
    ...{ kind: "referral", flags: { referral: true }, reply: HELLO },
  },
  {
    name: "ad referral with a picture of the customer's",
    request: { ...AD, ...media("image/jpeg") },
    ...{ kind: "image", flags: { referral: true }, reply: PICTURE },
  },
  {
    name: "a kind that nobody knows yet",
    request: { body: "", MessageType: "hologram", HologramUrl: "https://example.com/h" },
    ...{ kind: "text", reply: /describe in words/ },
  },
  {
    name: "a parameter that nobody knows yet",
    request: { body: "What about cards?", NewThing: ["one", "two"] },
    ...{ kind: "text", reply: SIMPLE },
  },
  {
    name: "a Messaging Service in front",
    request: { body: "Hello", MessagingServiceSid: `MG${"0".repeat(32)}` },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "another business number",
    request: { body: "Hello", to: "whatsapp:+551140040001" },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "BSUID customer",
    request: { body: "Hello", from: "whatsapp:BR.1A2b3C4d5E6f7G8h9I0j", WaId: null },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "SMS",
    request: { body: "Hello", from: "+15005550099", to: "+15005550100", channel: "sms" },
    ...{ kind: "text", reply: HELLO },
  },
  {
    name: "picture by MMS",
    request: {
      ...{ from: "+15005550098", to: "+15005550100", channel: "sms" },
      ...media("image/gif"),
    },
    ...{ kind: "image", reply: PICTURE },
  },
];

Deno.test("every kind of message is stored whole under its kind and answered in fitting words", async (t) => {
  await using test = await startTestStack();
  await test.sql`update cc_settings set debounce_ms = 0`;
  for (const [index, kind] of KINDS.entries()) {
    await t.step(kind.name, () => isTakenAndAnswered(test, kind, index));
  }
});

async function isTakenAndAnswered({ sql, stack }: TestStack, kind: Kind, index: number) {
  const customer = { from: `whatsapp:+55119${String(index).padStart(8, "0")}` };
  const { messageSid, parameters, response } = await stack.twilio.inbound({
    ...{ ...customer, ...kind.request },
  });
  assert.equal(response?.status, 200);

  const [stored] = await sql`
    select body_text, body_json from cc_messages where provider_message_id = ${messageSid}`;
  const { media: kept, parameters: whole, ...rest } = stored?.["body_json"];
  assert.deepEqual(whole, parameters);
  assert.deepEqual(rest, { kind: kind.kind, ...kind.flags });
  assert.equal(stored?.["body_text"], parameters["Body"] || NO_TEXT);
  assert.deepEqual(kept, mediaIn(parameters));

  const to = String(parameters["From"]);
  const [reply] = await stack.twilio.waitForOutbound({ to, count: 1, timeoutMs: 20_000 });
  assert.match(reply?.body ?? "", kind.reply);
  assert.equal(reply?.from, parameters["To"]);
}

/** All of them, however many. */
function mediaIn(parameters: Record<string, string | readonly string[]>) {
  return Array.from({ length: Number(parameters["NumMedia"]) }, (_, index) => ({
    url: parameters[`MediaUrl${index}`],
    content_type: parameters[`MediaContentType${index}`],
  }));
}
