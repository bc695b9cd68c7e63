/** Messages for benchmarks, shaped as a usual webhook's. */
import { randomBytes } from "node:crypto";

export interface BenchMessage {
  sid: string;
  from: string;
  to: string;
  body: string;
  json: Record<string, unknown>;
  signature: string;
}

const BUSINESS = "whatsapp:+14155238886";
const ACCOUNT = "AC0123456789abcdef0123456789abcdef";

/** The address of customer number so-and-so. */
export function addressOf(customer: number): string {
  return `whatsapp:+49${String(15_100_000_000 + customer)}`;
}

/** A text of this customer that nobody has seen yet. */
export function newMessage(customer: number): BenchMessage {
  const sid = `SM${randomBytes(16).toString("hex")}`;
  const from = addressOf(customer);
  const body = "Good morning, what does it cost to send money to an account abroad?";
  const parameters = {
    SmsMessageSid: sid,
    NumMedia: "0",
    ProfileName: "Ada Lovelace",
    MessageType: "text",
    SmsSid: sid,
    WaId: from.slice("whatsapp:+".length),
    SmsStatus: "received",
    Body: body,
    To: BUSINESS,
    NumSegments: "1",
    ReferralNumMedia: "0",
    MessageSid: sid,
    AccountSid: ACCOUNT,
    From: from,
    ApiVersion: "2010-04-01",
  };
  return {
    ...{ sid, from, body, to: BUSINESS },
    json: { kind: "text", media: [], parameters },
    signature: randomBytes(20).toString("base64"),
  };
}
