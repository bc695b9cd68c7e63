/** Twilio's status callbacks as reports of ours. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  loggedStatus,
  parseDeliveryReport,
} from "../../../../supabase/functions/_shared/twilio/delivery_report.ts";
import { messageSid, statusParameters } from "../../../support/factories.ts";
import { anyCharacter } from "../../../support/any_character.ts";

const MESSAGE_ID = "a0000000-0000-4000-8000-000000000001";
const MessageSid = messageSid();

Deno.test("parseDeliveryReport() takes SID, word and our own message id", () => {
  assert.deepEqual(parseDeliveryReport(statusParameters({ MessageSid }), MESSAGE_ID), {
    ...{ providerMessageId: MessageSid, deliveryStatus: "delivered", messageId: MESSAGE_ID },
    ...{ errorCode: null, errorMessage: null },
  });
});

Deno.test("parseDeliveryReport() takes the SID of a message with media", () => {
  const sid = messageSid().replace("SM", "MM");
  const report = parseDeliveryReport(statusParameters({ MessageSid: sid }), MESSAGE_ID);
  assert.equal(report?.providerMessageId, sid);
});

const ids = ["", "1", MESSAGE_ID + "x", MESSAGE_ID.replaceAll("-", ""), "' or true --", undefined];
for (const id of ids) {
  Deno.test(`parseDeliveryReport() knows no message of ours by the id ${JSON.stringify(id)}`, () => {
    const report = parseDeliveryReport(statusParameters({ MessageSid }), id);
    assert.deepEqual([report?.providerMessageId, report?.messageId], [MessageSid, null]);
  });
}

Deno.test("parseDeliveryReport() takes the older name of the status when the newer is absent", () => {
  const older = { MessageStatus: undefined, SmsStatus: "sent" };
  assert.equal(parseDeliveryReport(statusParameters(older), undefined)?.deliveryStatus, "sent");
  const both = { MessageStatus: "read", SmsStatus: "sent" };
  assert.equal(parseDeliveryReport(statusParameters(both), undefined)?.deliveryStatus, "read");
});

const errors: [Record<string, string>, code: string | null, message: string | null][] = [
  [{ ErrorCode: "63016", ErrorMessage: "Outside the window" }, "63016", "Outside the window"],
  [{ ErrorCode: "63024", ChannelStatusMessage: "Invalid recipient" }, "63024", "Invalid recipient"],
  [{ ErrorCode: "0" }, "0", null],
  [{ ErrorCode: "" }, null, null],
  [{ ErrorCode: "+5511987654321" }, null, null],
  [{ ErrorCode: "1234567" }, null, null],
];
for (const [parameters, code, message] of errors) {
  Deno.test(`parseDeliveryReport() reads the error of ${JSON.stringify(parameters)}`, () => {
    const report = parseDeliveryReport(statusParameters(parameters), undefined);
    assert.deepEqual([report?.errorCode, report?.errorMessage], [code, message]);
  });
}

const incomplete: Record<string, string | undefined>[] = [
  ...[undefined, "", "SM1", `${MessageSid}0`, `XX${MessageSid.slice(2)}`, ` ${MessageSid}`]
    .map((sid) => ({ MessageSid: sid })),
  ...[undefined, "", "Sent", "two words", "1", "x".repeat(41), "sent\n"]
    .map((status) => ({ MessageStatus: status })),
];
for (const overrides of incomplete) {
  const what = Object.entries(overrides).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  Deno.test(`parseDeliveryReport() has none where there is ${what}`, () => {
    assert.equal(parseDeliveryReport(statusParameters(overrides), MESSAGE_ID), undefined);
  });
}

Deno.test("parseDeliveryReport() throws at nothing, and lets only words and codes through", () => {
  const anyParameters = fc.dictionary(
    fc.constantFrom("MessageSid", "MessageStatus", "SmsStatus", "ErrorCode", "__proto__"),
    fc.oneof(fc.string({ unit: anyCharacter }), fc.constant(MessageSid), fc.array(fc.string())),
  );
  fc.assert(fc.property(anyParameters, fc.option(fc.string(), { nil: undefined }), (given, id) => {
    const report = parseDeliveryReport(given, id);
    if (!report) return;
    assert.match(report.providerMessageId, /^(SM|MM)[0-9a-f]{32}$/i);
    assert.match(report.deliveryStatus, /^[a-z][a-z_-]*$/);
  }));
});

Deno.test("loggedStatus() shows Twilio's own words, and no others", () => {
  for (const word of ["queued", "delivered", "read", "failed"]) {
    assert.equal(loggedStatus(word), word);
  }
  for (const word of ["maria_silva", "", "Delivered"]) assert.equal(loggedStatus(word), "unknown");
});
