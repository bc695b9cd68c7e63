/** A webhook's parameters as a message of ours, or the reason why not. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { InboundMessage } from "../../../../supabase/functions/_shared/twilio/inbound_message.ts";
import {
  NO_TEXT,
  parseInboundMessage,
} from "../../../../supabase/functions/_shared/twilio/parse_inbound_message.ts";
import { ACCOUNT_SID, BUSINESS, CUSTOMER, webhookParameters } from "../../../support/factories.ts";
import { anyCharacter } from "../../../support/any_character.ts";

/** The message that these parameters must be. */
function parsed(overrides: Record<string, string | string[] | undefined> = {}): InboundMessage {
  const result = parseInboundMessage(webhookParameters(overrides), ACCOUNT_SID);
  assert.ok(result.ok);
  return result.message;
}

Deno.test("parseInboundMessage() gives the message with the whole payload", () => {
  const parameters = webhookParameters({ MessageSid: `MM${"a".repeat(32)}` });
  assert.deepEqual(parseInboundMessage(parameters, ACCOUNT_SID), {
    ok: true,
    message: {
      providerMessageId: `MM${"a".repeat(32)}`,
      channel: "whatsapp",
      fromAddress: CUSTOMER,
      toAddress: BUSINESS,
      otherAddresses: [],
      bodyText: "Hello",
      bodyJson: { kind: "text", media: [], parameters },
      customerName: "Ana",
    },
  });
});

Deno.test("parseInboundMessage() says so when there is no text", () => {
  assert.equal(parsed({ Body: "" }).bodyText, NO_TEXT);
  assert.equal(parsed({ Body: undefined }).bodyText, NO_TEXT);
});

Deno.test("parseInboundMessage() knows no name when there is none", () => {
  assert.equal(parsed({ ProfileName: undefined }).customerName, null);
  assert.equal(parsed({ ProfileName: "" }).customerName, null);
});

Deno.test("parseInboundMessage() takes WhatsApp's addresses for WhatsApp and others for SMS", () => {
  assert.equal(parsed({ From: "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J" }).channel, "whatsapp");
  assert.equal(parsed({ From: "+15551234567" }).channel, "sms");
  assert.equal(parsed({ From: " whatsapp:+15551234567 " }).fromAddress, "whatsapp:+15551234567");
});

Deno.test("parseInboundMessage() gives the customer's BSUID beside the phone number", () => {
  const ExternalUserId = "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J";
  assert.deepEqual(parsed({ ExternalUserId }).otherAddresses, [ExternalUserId]);
  assert.deepEqual(parsed({ From: ExternalUserId, ExternalUserId }).otherAddresses, []);
});

Deno.test("parseInboundMessage() says beside the kind what is true of any kind", () => {
  const { kind, forwarded } = parsed({ Forwarded: "true" }).bodyJson;
  assert.deepEqual({ kind, forwarded }, { kind: "text", forwarded: true });
});

Deno.test("parseInboundMessage() takes the first value of a repeated parameter", () => {
  const message = parsed({ Body: ["one", "two"], ProfileName: ["Ana", "Eve"] });
  assert.deepEqual([message.bodyText, message.customerName], ["one", "Ana"]);
  assert.deepEqual(message.bodyJson.parameters["Body"], ["one", "two"]);
});

Deno.test("parseInboundMessage() names one reason, the first of several", () => {
  assert.deepEqual(parseInboundMessage({}, ACCOUNT_SID), {
    ok: false,
    reason: "message_sid_missing",
  });
});

const unit = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 3 }),
  fc.constantFrom("\u0000", "\ud800", "\udc00", "\u001b", "😀"),
);
const anyText = fc.array(unit, { maxLength: 10 }).map((units) => units.join(""));
const anyValue = fc.oneof(anyText, fc.array(anyText, { minLength: 2, maxLength: 3 }));

Deno.test("parseInboundMessage() gives a message that can be stored, or a word, and never throws", () => {
  const someName = fc.constantFrom("MessageSid", "AccountSid", "From", "To", "Body", "ProfileName");
  const changes = fc.dictionary(fc.oneof(someName, anyText), anyValue, { maxKeys: 4 });
  fc.assert(
    fc.property(changes, (changes) => {
      const result = parseInboundMessage(webhookParameters(changes), ACCOUNT_SID);
      if (result.ok) {
        InboundMessage.parse(result.message);
        const json = JSON.stringify(result.message);
        // JSON writes a NUL and half a pair as escapes.
        assert.ok(!/\\u(0000|d[89a-f]..)/.test(json.replaceAll("\\\\", "")), json);
      } else {
        assert.match(result.reason, /^[a-z][a-z0-9_]{0,39}$/);
      }
    }),
    { numRuns: 500 },
  );
});
