/** What Twilio makes of a webhook's answer: the messages it shall send, or an error's code. */
import { type Element, parseXml, textOf } from "./xml.ts";
import type { WebhookResponse } from "./deliver_webhook.ts";

const MAX_BYTES = 64 * 1024;
const TWIML_TYPES = ["text/xml", "application/xml", "text/html"];

export interface Reply {
  body: string;
  mediaCount: number;
  to: string | undefined;
  from: string | undefined;
  statusCallback: string | undefined;
}

export interface Twiml {
  replies: Reply[];
  error?: { code: number; message: string };
}

/** Text answered as text/plain is sent to the customer: Twilio does that, so mistakes show here. */
export function readTwiml({ status, headers, body }: WebhookResponse): Twiml {
  if (status === 204) return { replies: [] };
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (!type) return failure(12300, "the answer has no Content-Type");
  if (new TextEncoder().encode(body).length > MAX_BYTES) {
    return failure(11750, "the answer is over 64 kB");
  }
  if (type === "text/plain") return { replies: body === "" ? [] : [replyOf(body)] };
  if (!TWIML_TYPES.includes(type)) return failure(12300, `the Content-Type is ${type}`);
  try {
    return { replies: repliesIn(parseXml(body)) };
  } catch (error) {
    return failure(12100, error instanceof Error ? error.message : String(error));
  }
}

function repliesIn(root: Element): Reply[] {
  if (root.name !== "Response") throw new Error(`the root is <${root.name}>, not <Response>`);
  return elements(root).filter(({ name }) => name === "Message").map((message) => {
    const bodies = elements(message).filter(({ name }) => name === "Body");
    const direct = message.children.filter((child) => typeof child === "string");
    return {
      ...replyOf((bodies.length > 0 ? bodies : direct).map(textOf).join("").trim()),
      mediaCount: elements(message).filter(({ name }) => name === "Media").length,
      to: message.attributes.to,
      from: message.attributes.from,
      statusCallback: message.attributes.statusCallback,
    };
  });
}

function replyOf(body: string): Reply {
  return { body, mediaCount: 0, to: undefined, from: undefined, statusCallback: undefined };
}

function elements({ children }: Element): Element[] {
  return children.filter((child) => typeof child !== "string");
}

function failure(code: number, message: string): Twiml {
  return { replies: [], error: { code, message } };
}
