/**
 * Sending one message by Twilio's REST API. Twilio has no idempotency key, so what matters most is
 * to know which failures prove that nothing was sent.
 * https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
 */
import * as z from "zod";
import type { SendOutcome, SendTemplate } from "../database.ts";

export interface TwilioAccount {
  /** Where Twilio finds our functions. */
  publicFunctionsUrl: string;
  twilioApiUrl: string;
  twilioAccountSid: string;
  twilioAuthToken: string;
}

export interface OutgoingMessage {
  /** Ours: the status callback brings it back, which settles a send whose answer was lost. */
  messageId: string;
  fromAddress: string;
  toAddress: string;
  bodyText: string;
  /** Sent instead of the text. */
  template: SendTemplate | null;
}

/** Longer than Twilio takes when it is slow, shorter than the lease of a send. Milliseconds. */
export const SEND_TIMEOUT_MS = 15_000;

/** "Later", said of the request itself: too many requests, or the sender's queue is full. */
const LATER = new Set(["20429", "21611", "14107"]);
/** Our own credentials: they are mended by an operator, and the message is still good then. */
const UNAUTHORIZED = new Set(["20003"]);

const Created = z.object({ sid: z.string().regex(/^(SM|MM)[0-9a-fA-F]{32}$/), status: z.string() });
/** Codes have five digits; another number is no code, and could be anybody's. */
const Refusal = z.object({ code: z.int().min(0).max(999_999), message: z.string().default("") });

type Fetch = typeof globalThis.fetch;

/** Sends the message once; never throws, and never sends a second time. */
export async function sendMessage(
  account: TwilioAccount,
  message: OutgoingMessage,
  fetch: Fetch = globalThis.fetch,
): Promise<SendOutcome> {
  let response: Response;
  try {
    response = await post(account, message, fetch);
  } catch (error) {
    if (isNotConnected(error)) {
      return { outcome: "postponed", errorCode: "twilio_unreachable", errorMessage: "" };
    }
    // A connection that broke later may have carried the message: only Twilio knows.
    const timedOut = error instanceof DOMException && error.name === "TimeoutError";
    return uncertain(timedOut ? "timeout" : "no_answer");
  }
  // A proxy on the way may answer in HTML: then the status alone must say what happened.
  const answer: unknown = await response.json().catch(() => undefined);
  return response.ok ? created(answer) : notCreated(response.status, answer);
}

function post(
  account: TwilioAccount,
  message: OutgoingMessage,
  fetch: Fetch,
): Promise<Response> {
  const { publicFunctionsUrl, twilioApiUrl, twilioAccountSid, twilioAuthToken } = account;
  return fetch(`${twilioApiUrl}/2010-04-01/Accounts/${twilioAccountSid}/Messages.json`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${twilioAccountSid}:${twilioAuthToken}`)}` },
    body: new URLSearchParams({
      From: message.fromAddress,
      To: message.toAddress,
      ...content(message),
      StatusCallback: statusCallback(publicFunctionsUrl, message.messageId),
    }),
    // A redirect would send the credentials, and the message, somewhere else.
    redirect: "manual",
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
}

/** A template takes no Body: Twilio makes it, from the variables. */
function content({ bodyText, template }: OutgoingMessage): Record<string, string> {
  if (!template) return { Body: bodyText };
  return { ContentSid: template.contentSid, ContentVariables: template.contentVariables };
}

/** The URL at which Twilio reports what becomes of this message. */
export function statusCallback(publicFunctionsUrl: string, messageId: string): string {
  return `${publicFunctionsUrl}/twilio-webhook/status?message_id=${messageId}`;
}

/** Deno says where in its HTTP client an error arose; in connecting, nothing has been sent. */
function isNotConnected(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].some((each) =>
    each instanceof Error && each.message.includes("client error (Connect)")
  );
}

function created(answer: unknown): SendOutcome {
  const message = Created.safeParse(answer);
  if (!message.success) return uncertain("answer_unreadable");
  const { sid, status } = message.data;
  return { outcome: "handed_over", providerMessageId: sid, deliveryStatus: status };
}

function notCreated(status: number, answer: unknown): SendOutcome {
  const refusal = Refusal.safeParse(answer);
  const errorCode = refusal.success ? String(refusal.data.code) : `http_${status}`;
  const errorMessage = refusal.success ? refusal.data.message : "";
  if (status >= 500 || status < 400) return { outcome: "uncertain", errorCode, errorMessage };
  const isLater = status === 429 || status === 401 || LATER.has(errorCode) ||
    UNAUTHORIZED.has(errorCode);
  return { outcome: isLater ? "postponed" : "refused", errorCode, errorMessage };
}

function uncertain(errorCode: string): SendOutcome {
  return { outcome: "uncertain", errorCode, errorMessage: "" };
}
