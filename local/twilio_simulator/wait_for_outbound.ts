/** Waiting for what the customer gets, by event and with a time-out that says what was missing. */
import type { Message } from "./message.ts";
import type { MessageStore } from "./message_store.ts";

export interface Wanted {
  /** The customer's address; without it, messages to anybody count. */
  to?: string;
  /** How many there must be, those from before included. */
  count?: number;
  timeoutMs?: number;
}

/** All outbound messages, oldest first. */
export function outboundMessages(messages: MessageStore, to?: string): Message[] {
  return messages.newestFirst().reverse()
    .filter((message) => isOutbound(message, to));
}

/** The outbound messages, oldest first, as soon as there are enough. */
export function waitForOutbound(
  messages: MessageStore,
  { to, count = 1, timeoutMs = 5_000 }: Wanted,
): Promise<Message[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Message[]>();
  const found = outboundMessages(messages, to);
  const check = () => {
    if (found.length >= count) resolve(found);
  };
  const forget = messages.onAdd((message) => {
    if (!isOutbound(message, to)) return;
    found.push(message);
    check();
  });
  const timer = setTimeout(() => {
    const [who, have] = [to ?? "anybody", found.length];
    reject(new Error(`Cannot find ${count} messages to ${who}: ${have} after ${timeoutMs} ms`));
  }, timeoutMs);
  check();
  return promise.finally(() => {
    clearTimeout(timer);
    forget();
  });
}

function isOutbound(message: Message, to: string | undefined): boolean {
  return message.direction !== "inbound" && (to === undefined || message.to === to);
}
