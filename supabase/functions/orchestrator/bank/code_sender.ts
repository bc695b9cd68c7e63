/** How a one-time code reaches the customer: on a channel of its own, never in the conversation. */
import type { SendOutcome } from "../../_shared/database.ts";
import { sendMessage, type TwilioAccount } from "../../_shared/twilio/send_message.ts";

/** What is sent once: the code is in no table, no log and no error. */
export interface Code {
  /** Names the code to the provider's callbacks. */
  challengeId: string;
  /** The number on file, as E.164. */
  phone: string;
  code: string;
  validMinutes: number;
}

export interface CodeSender {
  /** The channel on which it sends; it must not be the conversation's. */
  channel: string;
  /** Sends once; never throws. Gives back null, or why it was not sent, as a code. */
  send(code: Code, signal: AbortSignal): Promise<string | null>;
}

/** Sends codes by SMS, from this number of ours at Twilio. */
export function createSmsCodeSender(
  account: TwilioAccount,
  fromAddress: string,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): CodeSender {
  return {
    channel: "sms",
    async send({ challengeId, phone, code, validMinutes }, signal) {
      const sent = await sendMessage(account, {
        ...{ messageId: challengeId, fromAddress, toAddress: phone, template: null },
        bodyText: `${code} is your code. It is valid for ${validMinutes} minutes. ` +
          "Give it only in the chat in which you asked for it.",
      }, (input, init) => fetch(input, { ...init, signal }));
      return whyNotSent(sent);
    },
  };
}

/** Without an answer it may have arrived, so it counts; who got none asks for another. */
function whyNotSent(sent: SendOutcome): string | null {
  return sent.outcome === "refused" || sent.outcome === "postponed" ? sent.errorCode : null;
}
