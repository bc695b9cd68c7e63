/** The filters of Twilio's list of messages: To, From, DateSent, and DateSent with < or >. */
import type { Message } from "./message.ts";
import { TwilioError } from "./twilio_error.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const SECOND_MS = 1000;

/** A function that says whether a message is in the list that the query asks for. */
export function messageFilter(query: URLSearchParams): (message: Message) => boolean {
  const [to, from] = [query.get("To"), query.get("From")];
  const on = period(query.get("DateSent"));
  const until = period(query.get("DateSent<"));
  const since = period(query.get("DateSent>"));
  return (message) => {
    const sent = (message.dateSent ?? message.dateCreated).getTime();
    return (!to || message.to === to) && (!from || message.from === from) &&
      (!on || (sent >= on.start && sent < on.end)) &&
      (!until || sent < until.end) && (!since || sent >= since.start);
  };
}

/** A day, or the second of a finer time; without a zone it is GMT. */
function period(text: string | null): { start: number; end: number } | undefined {
  if (!text) return undefined;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isZoneless = /^\d{4}-\d{2}-\d{2}[ T][\d:.]+$/.test(text);
  const start = Date.parse(isZoneless ? `${text.replace(" ", "T")}Z` : text);
  if (Number.isNaN(start)) throw new TwilioError(20001, `DateSent ${text}`);
  const wholeSecond = start - start % SECOND_MS;
  return { start: wholeSecond, end: wholeSecond + (isDay ? DAY_MS : SECOND_MS) };
}
