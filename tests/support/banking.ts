/** The demo bank in tests: its settings, and the codes that its customers get. */
import assert from "node:assert/strict";
import type { TwilioSimulator } from "../../local/twilio_simulator.ts";

/** With these, the orchestrator asks the demo bank and sends codes by SMS. */
export const BANK_SETTINGS = { BANK: "demo", CODE_SMS_FROM: "+15005550006" };

/** The codes that went by SMS to the phone of this WhatsApp address, oldest first. */
export function codesOf(twilio: TwilioSimulator, customer: string): string[] {
  return twilio.sent(customer.replace("whatsapp:", ""))
    .flatMap(({ body }) => /\b\d{6}\b/.exec(body)?.[0] ?? []);
}

/** The newest of them; fails when there is none. */
export function lastCode(twilio: TwilioSimulator, customer: string): string {
  const code = codesOf(twilio, customer).at(-1);
  assert.ok(code, "no code was sent");
  return code;
}

/** A code that is not this one. */
export function anotherCode(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, "0");
}
