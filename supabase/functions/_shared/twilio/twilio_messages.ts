/**
 * Twilio's list of messages, a page at a time, and what hangs on a message.
 * https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
 */
import * as z from "zod";
import type { Media } from "./message_kind.ts";
import { type ReadTwilio, TwilioReadError } from "./read_twilio.ts";
import type { TwilioAccount } from "./send_message.ts";

/** Twilio's largest page. */
const PAGE_SIZE = 1000;

const date = z.string().transform((text, context) => {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  context.addIssue({ code: "custom", message: "is no date" });
  return z.NEVER;
});

const Resource = z.looseObject({
  sid: z.string(),
  direction: z.string(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  body: z.string().nullable(),
  status: z.string(),
  num_media: z.coerce.number().nullish(),
  error_code: z.coerce.string().nullish(),
  date_created: date,
  date_sent: date.nullish(),
});

const Page = z.object({
  messages: z.array(z.record(z.string(), z.unknown())),
  next_page_uri: z.string().nullish(),
});

const MediaPage = z.object({
  media_list: z.array(z.object({ content_type: z.string(), uri: z.string() })),
  next_page_uri: z.string().nullish(),
});

/** One message as Twilio lists it. Times are milliseconds since 1970, by Twilio's clock. */
export interface TwilioMessage {
  sid: string;
  isInbound: boolean;
  /** Whether TwiML of ours or of somebody else's made it. */
  isTwiml: boolean;
  from: string;
  to: string;
  body: string;
  status: string;
  errorCode: string | null;
  mediaCount: number;
  createdAt: number;
  /** What Twilio's filters and order go by; an unsent message has none but its creation. */
  sentAt: number;
  /** The resource as it came. */
  resource: Record<string, unknown>;
}

export interface MessageFilter {
  from?: string;
  to?: string;
  /** By `sentAt`, to the second. Twilio promises whole days only: a list may hold more. */
  since: number;
  until?: number;
}

export interface TwilioMessages {
  /** The pages, newest first; every one of them may throw a `TwilioReadError`. */
  pages(filter: MessageFilter): AsyncIterable<TwilioMessage[]>;
  /** The files of a message. */
  media(sid: string): Promise<Media[]>;
  /** One message; undefined when Twilio has it no more. */
  message(sid: string): Promise<TwilioMessage | undefined>;
}

/** The messages of this account. */
export function createTwilioMessages(account: TwilioAccount, read: ReadTwilio): TwilioMessages {
  const base = `/2010-04-01/Accounts/${account.twilioAccountSid}/Messages`;
  return {
    async *pages(filter) {
      let path: string | null = `${base}.json?${query(filter)}`;
      while (path) {
        const page: z.infer<typeof Page> = Page.parse(await read(path));
        yield page.messages.map(toMessage);
        path = page.next_page_uri ?? null;
      }
    },
    async media(sid) {
      const found: Media[] = [];
      let path: string | null = `${base}/${sid}/Media.json?PageSize=${PAGE_SIZE}`;
      while (path) {
        const page: z.infer<typeof MediaPage> = MediaPage.parse(await read(path));
        found.push(...page.media_list.map(({ content_type, uri }) => ({
          url: account.twilioApiUrl + uri.replace(/\.json$/, ""),
          content_type,
        })));
        path = page.next_page_uri ?? null;
      }
      return found;
    },
    async message(sid) {
      try {
        return toMessage(
          z.record(z.string(), z.unknown()).parse(await read(`${base}/${sid}.json`)),
        );
      } catch (error) {
        if (error instanceof TwilioReadError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

function query({ from, to, since, until }: MessageFilter): string {
  return new URLSearchParams({
    ...(from && { From: from }),
    ...(to && { To: to }),
    // The operators are part of the names; on the wire they read DateSent>=… and DateSent<=…
    "DateSent>": wholeSecond(since),
    ...(until === undefined ? {} : { "DateSent<": wholeSecond(until) }),
    PageSize: String(PAGE_SIZE),
  }).toString();
}

function wholeSecond(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

function toMessage(resource: Record<string, unknown>): TwilioMessage {
  const { sid, direction, from, to, body, status, ...rest } = Resource.parse(resource);
  return {
    sid,
    isInbound: direction === "inbound",
    isTwiml: direction === "outbound-reply",
    from: from ?? "",
    to: to ?? "",
    body: body ?? "",
    status,
    errorCode: rest.error_code ?? null,
    mediaCount: rest.num_media ?? 0,
    createdAt: rest.date_created,
    sentAt: rest.date_sent ?? rest.date_created,
    resource,
  };
}
