/** What sort of message it is, read from the parameters that each sort has. */
import assert from "node:assert/strict";
import {
  flagsOf,
  kindOf,
  mediaOf,
} from "../../../../supabase/functions/_shared/twilio/message_kind.ts";

const media = (contentType: string) => ({ MediaUrl0: "https://x", MediaContentType0: contentType });

const kinds: [string, Record<string, string | string[]>][] = [
  ["text", { Body: "hello" }],
  ["text", {}],
  ["text", { MessageType: "something new", NewThing: "x" }],
  ["image", media("image/jpeg")],
  ["image", media("IMAGE/WEBP")],
  ["audio", media("audio/ogg; codecs=opus")],
  ["video", media("video/mp4")],
  ["document", media("application/pdf")],
  ["document", media("text/plain")],
  ["document", media("")],
  ["document", { MediaUrl0: "https://x" }],
  ["contact", media("text/vcard")],
  ["contact", media("text/x-vcard; charset=utf-8")],
  ["location", { Latitude: "-23.5", Longitude: "0" }],
  ["text", { Latitude: "-23.5" }],
  ["text", { Longitude: "-46.6" }],
  ["text", { Latitude: "", Longitude: "" }],
  ["button", { ButtonText: "Yes", Body: "Yes" }],
  ["button", { ButtonPayload: "yes_1" }],
  ["list", { ListId: "row_1", ListTitle: "Row" }],
  ["list", { ListId: "row_1", ButtonText: "Row" }],
  ["flow", { InteractiveData: "{}" }],
  ["flow", { FlowData: "{}", ButtonText: "Flow" }],
  ["referral", { ReferralSourceId: "ad_1", Body: "Hi" }],
  ["referral", { ReferralSourceUrl: "https://fb.me/x" }],
  ["image", { ReferralSourceId: "ad_1", ...media("image/png") }],
  ["button", { ButtonText: ["", "Yes"], ButtonPayload: ["first", "second"] }],
];

for (const [kind, parameters] of kinds) {
  Deno.test(`kindOf() says ${kind} of ${JSON.stringify(parameters)}`, () => {
    assert.equal(kindOf(parameters), kind);
  });
}

const flags: [Record<string, true>, Record<string, string | string[]>][] = [
  [{}, { Body: "hello" }],
  [{}, { Forwarded: "false", FrequentlyForwarded: "false", ReferralNumMedia: "0" }],
  [{ forwarded: true }, { Forwarded: "true" }],
  [{ forwarded: true }, { Forwarded: ["True", "false"] }],
  [{ forwarded: true, frequently_forwarded: true }, { FrequentlyForwarded: "true" }],
  [{ referral: true }, { ReferralSourceId: "ad_1", ...media("image/png") }],
  [{ referral: true }, { ReferralSourceUrl: "https://fb.me/x" }],
];

for (const [expected, parameters] of flags) {
  Deno.test(`flagsOf() says ${JSON.stringify(expected)} of ${JSON.stringify(parameters)}`, () => {
    assert.deepEqual(flagsOf(parameters), expected);
  });
}

Deno.test("mediaOf() gives all media in Twilio's order, not the alphabet's", () => {
  const parameters = Object.fromEntries(
    [10, 2, 0, 1].flatMap((index) => [
      [`MediaUrl${index}`, `https://x/${index}`],
      [`MediaContentType${index}`, `image/${index}`],
    ]),
  );
  assert.deepEqual(
    mediaOf(parameters),
    [0, 1, 2, 10].map((index) => ({
      url: `https://x/${index}`,
      content_type: `image/${index}`,
    })),
  );
});

Deno.test("mediaOf() believes the parameters that are there, not their count", () => {
  assert.deepEqual(mediaOf({ NumMedia: "3" }), []);
  assert.equal(mediaOf({ NumMedia: "0", ...media("image/png") }).length, 1);
  assert.deepEqual(
    mediaOf({ MediaUrl: "x", MediaUrlX: "x", MediaUrl1234: "x", xMediaUrl0: "x" }),
    [],
  );
});
