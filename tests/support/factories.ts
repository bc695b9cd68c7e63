/** Makes what tests need, each valid and different from the last: only what a test is about is said. */
import type { ClaimedSend, ClaimedTurn } from "../../supabase/functions/_shared/database.ts";
import type { InboundMessage } from "../../supabase/functions/_shared/twilio/inbound_message.ts";
import type { TurnInWork } from "../../supabase/functions/orchestrator/answer_turn.ts";

export const ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";
export const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
export const BUSINESS = "whatsapp:+14155238886";
export const CUSTOMER = "whatsapp:+5511987654321";
export const CONVERSATION_ID = "c0000000-0000-4000-8000-000000000001";

/** A MessageSid that nobody had before. */
export function messageSid(): string {
  return `SM${crypto.randomUUID().replaceAll("-", "")}`;
}

/** An inbound WhatsApp text as `parseInboundMessage` gives it. */
export function inboundMessage(overrides: Partial<InboundMessage> = {}): InboundMessage {
  return {
    providerMessageId: messageSid(),
    channel: "whatsapp",
    fromAddress: CUSTOMER,
    toAddress: BUSINESS,
    otherAddresses: [],
    bodyText: "Hello",
    bodyJson: { kind: "text", media: [], parameters: {} },
    customerName: null,
    ...overrides,
  };
}

/** The parameters of Twilio's webhook for a text; `undefined` leaves one out. */
export function webhookParameters(
  overrides: Record<string, string | string[] | undefined> = {},
): Record<string, string | string[]> {
  const sid = messageSid();
  const parameters = {
    ...{ MessageSid: sid, SmsMessageSid: sid, AccountSid: ACCOUNT_SID },
    ...{ From: CUSTOMER, To: BUSINESS, Body: "Hello", ProfileName: "Ana", NumMedia: "0" },
    ...overrides,
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string | string[]>;
}

/** The parameters of Twilio's status callback; `undefined` leaves one out. */
export function statusParameters(
  overrides: Record<string, string | undefined> = {},
): Record<string, string> {
  const sid = messageSid();
  const parameters = {
    ...{ MessageSid: sid, SmsSid: sid, AccountSid: ACCOUNT_SID, MessageStatus: "delivered" },
    ...{ From: BUSINESS, To: CUSTOMER, ChannelToAddress: CUSTOMER },
    ...overrides,
  };
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Record<string, string>;
}

/** A claimed turn with one text in it. */
export function claimedTurn(overrides: Partial<ClaimedTurn> = {}): ClaimedTurn {
  return {
    outcome: "claimed",
    turnId: crypto.randomUUID(),
    attempt: 1,
    isLastAttempt: false,
    mayUseModel: true,
    leaseMs: 60_000,
    channel: "whatsapp",
    provider: "twilio",
    customerAddress: CUSTOMER,
    businessAddress: BUSINESS,
    customerName: null,
    summary: null,
    messages: [{
      id: crypto.randomUUID(),
      seq: 1,
      direction: "inbound",
      kind: "text",
      text: "Hello",
      mediaTypes: [],
      storedMedia: [],
      createdAt: "2026-01-02T03:04:05.000Z",
    }],
    history: [],
    ...overrides,
  };
}

/** A claimed turn as `answerTurn` gets it. */
export function turnInWork(overrides: Partial<TurnInWork> = {}): TurnInWork {
  return {
    ...claimedTurn(),
    conversationId: CONVERSATION_ID,
    leaseUntil: 60_000,
    ...overrides,
  };
}

/** A claimed outbound message. */
export function claimedSend(overrides: Partial<ClaimedSend> = {}): ClaimedSend {
  return {
    outcome: "claimed",
    messageId: crypto.randomUUID(),
    attempt: 1,
    leaseMs: 30_000,
    fromAddress: BUSINESS,
    toAddress: CUSTOMER,
    bodyText: "Good morning!",
    template: null,
    ...overrides,
  };
}
