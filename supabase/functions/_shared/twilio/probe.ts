/**
 * A probe: a webhook that the operator signs and sends to our own public URL, to see that it comes
 * through. It is told from a message by what Twilio never sends, so nobody is answered by mistake.
 */
import { firstValue, type FormParameters } from "./form.ts";

/** No address of Twilio's: a version that knows no probes finds no channel in it. */
const PROBE_ADDRESS = "switchboard:probe";
/** Twilio's ids are random: of 2^64 messages one looks like this. */
const PROBE_SID = /^SM0{16}[0-9a-f]{16}$/;

/** The parameters of a new probe of this account, with a MessageSid that no other has. */
export function newProbe(accountSid: string): Record<string, string> {
  const unique = crypto.randomUUID().replaceAll("-", "").slice(16);
  return {
    MessageSid: `SM${"0".repeat(16)}${unique}`,
    AccountSid: accountSid,
    From: PROBE_ADDRESS,
    To: PROBE_ADDRESS,
  };
}

/** The MessageSid when these are the parameters of a probe of this account; else undefined. */
export function probeSidOf(parameters: FormParameters, accountSid: string): string | undefined {
  const first = (name: string) => firstValue(parameters, name) ?? "";
  const isProbe = first("From") === PROBE_ADDRESS && first("To") === PROBE_ADDRESS &&
    first("AccountSid") === accountSid && PROBE_SID.test(first("MessageSid"));
  return isProbe ? first("MessageSid") : undefined;
}
