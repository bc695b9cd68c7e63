/**
 * Twilio's own list of messages, page by page.
 * https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
 */
import * as z from "zod";
import type { ListedMessage } from "../database.ts";
import type { TwilioAccount } from "./send_message.ts";

/** Twilio's largest page. */
const PAGE_SIZE = 1000;
/** More than 400 days of one customer hold; a list that does not end is no complete reading. */
const MAXIMUM_PAGES = 100;
/** One page. Milliseconds. */
const PAGE_TIMEOUT_MS = 10_000;

const Page = z.object({
  messages: z.array(z.object({
    sid: z.string(),
    body: z.string().nullable(),
    status: z.string(),
    date_created: z.string(),
  })),
  next_page_uri: z.string().nullable().optional(),
});

/**
 * Every message to this address, to the last page, and with no other filter: only a complete reading
 * can show that a message is absent. Throws an Error when a page cannot be had.
 */
export async function listMessages(
  account: TwilioAccount,
  toAddress: string,
): Promise<ListedMessage[]> {
  const query = new URLSearchParams({ To: toAddress, PageSize: String(PAGE_SIZE) });
  const listed: ListedMessage[] = [];
  let path = `/2010-04-01/Accounts/${account.twilioAccountSid}/Messages.json?${query}`;
  for (let page = 0; page < MAXIMUM_PAGES; page++) {
    const { messages, next_page_uri: next } = await readPage(account, path);
    listed.push(...messages.map(toListed));
    if (!next) return listed;
    path = next;
  }
  throw new Error(`Cannot list messages: they fill more than ${MAXIMUM_PAGES} pages`);
}

async function readPage(account: TwilioAccount, path: string): Promise<z.infer<typeof Page>> {
  const { twilioApiUrl, twilioAccountSid, twilioAuthToken } = account;
  const response = await fetch(twilioApiUrl + path, {
    headers: { authorization: `Basic ${btoa(`${twilioAccountSid}:${twilioAuthToken}`)}` },
    redirect: "manual",
    signal: AbortSignal.timeout(PAGE_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`Cannot list messages: Twilio answered ${response.status}`);
  return Page.parse(await response.json());
}

function toListed(message: z.infer<typeof Page>["messages"][number]): ListedMessage {
  const { sid, body, status, date_created } = message;
  return { sid, body: body ?? "", status, dateCreated: new Date(date_created).toISOString() };
}
