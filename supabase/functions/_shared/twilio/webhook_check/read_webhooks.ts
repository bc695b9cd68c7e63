/**
 * Which webhooks an account has configured, from Twilio's API.
 * https://www.twilio.com/docs/whatsapp/api/senders, https://www.twilio.com/docs/messaging/api/service-resource
 */
import * as z from "zod";
import type { ConfiguredWebhooks, ServiceSource, WebhookSource } from "./finding.ts";

export interface Account {
  accountSid: string;
  authToken: string;
  /** https://messaging.twilio.com, without a slash at its end. */
  messagingApiUrl: string;
  /** Ends the asking, also between two requests. */
  signal?: AbortSignal;
}

/** Without either, every WhatsApp sender of the account, and each service that one is in. */
export interface Asked {
  /** `whatsapp:+14155238886` */
  sender?: string | undefined;
  /** MG and 32 hexadecimal digits: this service, and the WhatsApp senders in it. */
  service?: string | undefined;
}

const REQUEST_TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
/** An account has a few senders; a list that does not end is a mistake. */
const MAXIMUM_PAGES = 50;

const text = z.string().nullish().transform((value) => value || null);

const Sender = z.object({
  sender_id: z.string(),
  webhook: z.object({
    callback_url: text,
    callback_method: text,
    fallback_url: text,
    fallback_method: text,
    status_callback_url: text,
  }).nullish(),
});
const Service = z.object({
  sid: z.string(),
  friendly_name: text,
  inbound_request_url: text,
  inbound_method: text,
  fallback_url: text,
  fallback_method: text,
  status_callback: text,
  use_inbound_webhook_on_number: z.boolean().nullish(),
});
const Member = z.object({ sender: z.string() });
const Meta = z.object({ meta: z.object({ next_page_url: z.string().nullish() }) });

/** Throws an Error when Twilio cannot be asked, or answers with anything else than was asked for. */
export async function readWebhooks(account: Account, asked: Asked): Promise<ConfiguredWebhooks> {
  const [all, services] = await Promise.all([
    listAll(account, "/v2/Channels/Senders?Channel=whatsapp", { key: "senders", item: Sender }),
    readServices(account, asked.service),
  ]);
  const senders = all.map(toSender).filter(({ name }) =>
    (!asked.sender || name === asked.sender) &&
    (!asked.service || services.some(({ senders }) => senders.includes(name)))
  );
  const isAsked = ({ senders: members }: ServiceSource) =>
    Boolean(asked.service) || senders.some(({ name }) => members.includes(name));
  return { senders, services: services.filter(isAsked) };
}

async function readServices(account: Account, sid: string | undefined): Promise<ServiceSource[]> {
  const services = sid
    ? [Service.parse(await read(account, `/v1/Services/${encodeURIComponent(sid)}`))]
    : await listAll(account, "/v1/Services", { key: "services", item: Service });
  return await Promise.all(services.map(async (service) => {
    const path = `/v1/Services/${service.sid}/ChannelSenders`;
    const members = await listAll(account, path, { key: "senders", item: Member });
    return toService(service, members.map(({ sender }) => sender));
  }));
}

async function listAll<Item extends z.ZodType>(
  account: Account,
  start: string,
  { key, item }: { key: string; item: Item },
): Promise<z.infer<Item>[]> {
  const items: z.infer<Item>[] = [];
  let path = `${start}${start.includes("?") ? "&" : "?"}PageSize=${PAGE_SIZE}`;
  for (let page = 0; page < MAXIMUM_PAGES; page++) {
    const answer = await read(account, path);
    items.push(...z.object({ [key]: z.array(item) }).parse(answer)[key] ?? []);
    const next = Meta.parse(answer).meta.next_page_url;
    if (!next) return items;
    // Only its path: the token goes to no host but the one that was configured.
    const { pathname, search } = new URL(next);
    path = pathname + search;
  }
  throw new Error(`Cannot ask Twilio: ${start} fills more than ${MAXIMUM_PAGES} pages`);
}

async function read(account: Account, path: string) {
  const { accountSid, authToken, messagingApiUrl } = account;
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(messagingApiUrl + path, {
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    redirect: "manual",
    signal: account.signal ? AbortSignal.any([account.signal, timeout]) : timeout,
  }).catch((error: Error) => {
    throw new Error(`Cannot ask Twilio: ${error.message}`, { cause: error });
  });
  if (response.ok) return await response.json() as unknown;
  await response.body?.cancel();
  const why = response.status === 401 ? ": the account or its token is wrong" : "";
  throw new Error(`Cannot ask Twilio: ${path} was answered ${response.status}${why}`);
}

function toSender({ sender_id, webhook }: z.infer<typeof Sender>): WebhookSource {
  return {
    name: sender_id,
    url: webhook?.callback_url ?? null,
    method: webhook?.callback_method ?? null,
    fallbackUrl: webhook?.fallback_url ?? null,
    fallbackMethod: webhook?.fallback_method ?? null,
    statusCallback: webhook?.status_callback_url ?? null,
  };
}

function toService(service: z.infer<typeof Service>, senders: string[]): ServiceSource {
  return {
    name: `Messaging Service ${[service.friendly_name, service.sid].filter(Boolean).join(", ")}`,
    url: service.inbound_request_url,
    method: service.inbound_method,
    fallbackUrl: service.fallback_url,
    fallbackMethod: service.fallback_method,
    statusCallback: service.status_callback,
    senders,
    usesSenderWebhooks: service.use_inbound_webhook_on_number ?? false,
  };
}
