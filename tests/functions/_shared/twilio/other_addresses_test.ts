/** By what else a customer is known: identifiers of the person, and nothing that only looks like one. */
import assert from "node:assert/strict";
import { otherAddressesOf } from "../../../../supabase/functions/_shared/twilio/other_addresses.ts";

const PHONE = "whatsapp:+5511987654321";
const BSUID = "whatsapp:BR.1A2B3C4D5E6F7G8H9I0J";
const PARENT = "whatsapp:BR.ENT.9Z8Y7X6W5V";

const cases: [string, string, Record<string, string | string[]>, string[]][] = [
  ["a phone's BSUID", PHONE, { ExternalUserId: BSUID }, [BSUID]],
  [
    "both BSUIDs",
    PHONE,
    { ExternalUserId: BSUID, ParentExternalUserId: PARENT },
    [BSUID, PARENT],
  ],
  ["a BSUID without its channel", PHONE, { ExternalUserId: "BR.1A2B3C4D5E6F7G8H9I0J" }, [BSUID]],
  ["a BSUID in white space", PHONE, { ExternalUserId: ` ${BSUID} ` }, [BSUID]],
  ["the first of several", PHONE, { ExternalUserId: [BSUID, PARENT] }, [BSUID]],
  ["the same twice", PHONE, { ExternalUserId: BSUID, ParentExternalUserId: BSUID }, [BSUID]],
  ["the longest", PHONE, { ExternalUserId: `BR.${"a".repeat(128)}` }, [
    `whatsapp:BR.${"a".repeat(128)}`,
  ]],
  ["the customer's own address", BSUID, { ExternalUserId: BSUID }, []],
  ["one that is too long", PHONE, { ExternalUserId: `BR.${"a".repeat(129)}` }, []],
  ["no BSUID", PHONE, { ExternalUserId: "whatsapp:+5511987654321" }, []],
  ["an empty one", PHONE, { ExternalUserId: "", ParentExternalUserId: "whatsapp:" }, []],
  ["a text with a BSUID in it", PHONE, { ExternalUserId: `${BSUID}\n${PARENT}` }, []],
  ["the WaId of a BSUID", BSUID, { WaId: "5511987654321" }, []],
  ["the BSUID of an SMS", "+5511987654321", { ExternalUserId: BSUID }, []],
  ["nothing", PHONE, {}, []],
];

for (const [name, from, parameters, addresses] of cases) {
  Deno.test(`otherAddressesOf() gives ${JSON.stringify(addresses)} for ${name}`, () => {
    assert.deepEqual(otherAddressesOf(parameters, from), addresses);
  });
}
