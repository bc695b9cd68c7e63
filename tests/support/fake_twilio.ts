/** Twilio's messages as the sync sees them: a list in memory, in pages. */
import type {
  MessageFilter,
  TwilioMessage,
  TwilioMessages,
} from "../../supabase/functions/_shared/twilio/twilio_messages.ts";
import { BUSINESS, CUSTOMER, messageSid } from "./factories.ts";

export interface FakeTwilio extends TwilioMessages {
  messages: TwilioMessage[];
  pageSize: number;
  /** Every filter that a list was asked with. */
  asked: MessageFilter[];
  /** How many pages were handed out. */
  pagesRead: number;
  /** While set, every page throws this. */
  failure: Error | undefined;
}

/** An empty list. */
export function fakeTwilio(): FakeTwilio {
  const fake: FakeTwilio = {
    ...{ messages: [], pageSize: 1000, asked: [], pagesRead: 0, failure: undefined },
    async *pages(filter) {
      fake.asked.push(filter);
      const { from, to, since, until = Infinity } = filter;
      const listed = fake.messages
        .filter((message) => (!from || message.from === from) && (!to || message.to === to))
        .filter(({ sentAt }) => sentAt >= since - 1000 && sentAt <= until + 1000)
        .toSorted((a, b) => b.sentAt - a.sentAt);
      for (let start = 0; start === 0 || start < listed.length; start += fake.pageSize) {
        if (fake.failure) throw fake.failure;
        fake.pagesRead++;
        yield await Promise.resolve(listed.slice(start, start + fake.pageSize));
      }
    },
    media: (sid) =>
      Promise.resolve([{ url: `https://api.twilio.com/${sid}`, content_type: "image/png" }]),
    message: (sid) => Promise.resolve(fake.messages.find((message) => message.sid === sid)),
  };
  return fake;
}

/** A customer's message that was made at this time. */
export function listedInbound(
  createdAt: number,
  overrides: Partial<TwilioMessage> = {},
): TwilioMessage {
  const sid = messageSid();
  return {
    ...{ sid, isInbound: true, isTwiml: false, from: CUSTOMER, to: BUSINESS, body: "Hello" },
    ...{ status: "received", errorCode: null, mediaCount: 0, createdAt, sentAt: createdAt },
    resource: { sid },
    ...overrides,
  };
}

/** A message from our business address that was made at this time. */
export function listedOutbound(
  createdAt: number,
  overrides: Partial<TwilioMessage> = {},
): TwilioMessage {
  const ours = { isInbound: false, from: BUSINESS, to: CUSTOMER, status: "delivered" };
  return listedInbound(createdAt, { ...ours, body: "Good morning!", ...overrides });
}
