/** `cc_private.find_or_make_customer`, in memory: whose addresses these are, and merging. */
import type { InboundMessage } from "../../../supabase/functions/_shared/twilio/inbound_message.ts";
import { remainingAllowance } from "./rate_limit.ts";
import { rowOf } from "./rows.ts";
import type { Customer, State } from "./state.ts";

/** The customer with these addresses: one, whoever had one of them before. */
export function findOrMakeCustomer(state: State, message: InboundMessage): Customer {
  const addresses = [message.fromAddress, ...message.otherAddresses]
    .map((address) => `${message.channel} ${address}`);
  const ids = addresses.flatMap((address) => state.customerIds.get(address) ?? []);
  const [elder = makeCustomer(state, message.customerName), ...younger] = state.customers
    .filter(({ id }) => ids.includes(id));
  for (const address of addresses) {
    if (!state.customerIds.has(address)) state.customerIds.set(address, elder.id);
  }
  for (const customer of younger) merge(state, customer, elder);
  return elder;
}

function makeCustomer(state: State, name: string | null): Customer {
  const limit = {
    ...{ remainingMessages: null, remainingMessagesAt: state.now(), rateLimitNotifiedAt: null },
  };
  const words = { isOptedOut: false, optedInAt: null, lastWord: 0 };
  const customer = { id: crypto.randomUUID(), name, ...words, ...limit, mergedInto: null };
  state.customers.push(customer);
  return customer;
}

function merge(state: State, younger: Customer, elder: Customer): void {
  const lastToSpeak = younger.lastWord > elder.lastWord ? younger : elder;
  Object.assign(elder, {
    name: elder.name ?? younger.name,
    isOptedOut: lastToSpeak.isOptedOut,
    lastWord: lastToSpeak.lastWord,
    optedInAt: latest(elder.optedInAt, younger.optedInAt),
    remainingMessages: Math.min(
      remainingAllowance(state, elder),
      remainingAllowance(state, younger),
    ),
    remainingMessagesAt: state.now(),
    rateLimitNotifiedAt: latest(elder.rateLimitNotifiedAt, younger.rateLimitNotifiedAt),
    tokensUsed: (elder.tokensUsed ?? 0) + (younger.tokensUsed ?? 0),
  });
  moveConversations(state, younger.id, elder.id);
  for (const [address, id] of state.customerIds) {
    if (id === younger.id) state.customerIds.set(address, elder.id);
  }
  for (const customer of state.customers) {
    if (customer.mergedInto === younger.id) customer.mergedInto = elder.id;
  }
  Object.assign(rowOf(state.customers, younger.id), {
    mergedInto: elder.id,
    name: null,
    tokensUsed: 0,
  });
}

/** Of two active conversations on a channel the one that a person handles stays, else the elder's. */
function moveConversations({ conversations }: State, youngerId: string, elderId: string): void {
  const activeOf = (customerId: string, channel?: string) =>
    conversations.filter((known) =>
      known.customerId === customerId && known.status === "active" &&
      known.channel === (channel ?? known.channel)
    );
  for (const own of activeOf(youngerId)) {
    const [elders] = activeOf(elderId, own.channel);
    if (!elders) continue;
    const isTalking = own.handler === "human" && elders.handler === "agent";
    (isTalking ? elders : own).status = "closed";
  }
  for (const conversation of conversations) {
    if (conversation.customerId === youngerId) conversation.customerId = elderId;
  }
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? one ?? other : Math.max(one, other);
}
