/** What the simulator knows of one message, and how Twilio's REST API shows it. */
export const API_VERSION = "2010-04-01";

/** A webhook's parameters: name → value, or all values of a repeated name. */
export type WebhookParameters = ReadonlyMap<string, string | readonly string[]>;

export type Status =
  | "accepted"
  | "scheduled"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "undelivered"
  | "failed"
  | "canceled"
  | "received";

export interface Media {
  readonly sid: string;
  readonly contentType: string;
  readonly content: Uint8Array<ArrayBuffer>;
}

export interface Message {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  readonly from: string | null;
  readonly to: string;
  readonly body: string;
  readonly status: Status;
  readonly errorCode: number | null;
  readonly media: readonly Media[];
  readonly messagingServiceSid: string | null;
  /** The template of an outbound message that is one. */
  readonly contentSid: string | null;
  /** Where the changes of an outbound message's status are reported. */
  readonly statusCallback: string | null;
  /** The webhook's parameters of an inbound message: a repeat delivers the same ones. */
  readonly parameters: WebhookParameters | null;
  readonly dateCreated: Date;
  readonly dateSent: Date | null;
  readonly dateUpdated: Date;
}

type Given = Pick<Message, "accountSid" | "direction" | "from" | "to"> & Partial<Message>;

/** A message with what is given; the rest as for a text without media that was just made. */
export function newMessage(given: Given): Message {
  const now = new Date();
  return {
    sid: newSid(given.media?.length ? "MM" : "SM"),
    body: "",
    status: "queued",
    errorCode: null,
    media: [],
    messagingServiceSid: null,
    contentSid: null,
    statusCallback: null,
    parameters: null,
    dateCreated: now,
    dateSent: null,
    dateUpdated: now,
    ...given,
  };
}

/** A new id as Twilio writes them: two letters for the kind, 32 hexadecimal digits. */
export function newSid(kind: "SM" | "MM" | "ME" | "RQ"): string {
  return kind + crypto.randomUUID().replaceAll("-", "");
}

/** The path of a message without ".json", to which its sub-resources are added. */
export function messagePath({ accountSid, sid }: Pick<Message, "accountSid" | "sid">): string {
  return `/${API_VERSION}/Accounts/${accountSid}/Messages/${sid}`;
}

/** The Message resource (schema api.v2010.account.message). */
export function messageResource(message: Message): Record<string, unknown> {
  return {
    account_sid: message.accountSid,
    api_version: API_VERSION,
    body: message.body,
    date_created: rfc2822(message.dateCreated),
    date_sent: message.dateSent && rfc2822(message.dateSent),
    date_updated: rfc2822(message.dateUpdated),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: String(message.media.length),
    // A sender, and with it the segments, is found only after a Messaging Service accepted.
    num_segments: message.from === null ? "0" : "1",
    price: null,
    price_unit: null,
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${messagePath(message)}/Media.json` },
    to: message.to,
    uri: `${messagePath(message)}.json`,
  };
}

/** The Media resource (schema api.v2010.account.message.media). */
export function mediaResource(message: Message, media: Media): Record<string, unknown> {
  return {
    account_sid: message.accountSid,
    content_type: media.contentType,
    date_created: rfc2822(message.dateCreated),
    date_updated: rfc2822(message.dateCreated),
    parent_sid: message.sid,
    sid: media.sid,
    uri: `${messagePath(message)}/Media/${media.sid}.json`,
  };
}

/** Twilio's dates have whole seconds and are in GMT: "Thu, 24 Aug 2023 05:01:45 +0000". */
function rfc2822(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}
