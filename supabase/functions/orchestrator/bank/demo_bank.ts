/** The bank of the demonstration: invented customers and money in the schema `demo_bank`. */
import * as z from "zod";
import { createCaller, type SupabaseOptions } from "../../_shared/caller.ts";
import type { Bank } from "./bank.ts";

const FoundCustomer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("found"), customerId: z.uuid(), phone: z.string() }),
  z.object({ outcome: z.literal("not_found") }),
]);
const Accounts = z.array(z.object({
  accountId: z.string(),
  name: z.string(),
  currency: z.string(),
  balanceCents: z.int(),
  cards: z.array(z.object({ lastDigits: z.string(), isBlocked: z.boolean() })),
}));
const Transactions = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("found"),
    transactions: z.array(
      z.object({ bookedOn: z.string(), text: z.string(), amountCents: z.int() }),
    ),
  }),
  z.object({ outcome: z.literal("unknown_account") }),
]);
const Blocked = z.object({ outcome: z.enum(["blocked", "already_blocked", "unknown_card"]) });
const Branches = z.array(
  z.object({ name: z.string(), city: z.string(), address: z.string(), hours: z.string() }),
);
const OpenedCase = z.object({ outcome: z.literal("opened"), caseNumber: z.int() });

/** The demo bank over PostgREST. */
export function createDemoBank(options: SupabaseOptions): Bank {
  const call = createCaller(options);
  return {
    async findCustomer({ address }) {
      const phone = /^(?:whatsapp:)?(\+[1-9]\d{6,14})$/.exec(address)?.[1];
      if (!phone) return null;
      const found = await call("demo_bank_find_customer", FoundCustomer, { phone });
      return found.outcome === "found"
        ? { customerId: found.customerId, phone: found.phone }
        : null;
    },
    async listAccounts(customerId) {
      const accounts = await call("demo_bank_list_accounts", Accounts, { customer_id: customerId });
      return accounts.map(({ balanceCents, ...account }) => ({
        ...account,
        balance: decimal(balanceCents),
      }));
    },
    async listTransactions(customerId, accountId, maximum) {
      const parameters = { customer_id: customerId, account_id: accountId, maximum };
      const found = await call("demo_bank_list_transactions", Transactions, parameters);
      if (found.outcome !== "found") return null;
      return found.transactions.map(({ amountCents, ...transaction }) => ({
        ...transaction,
        amount: decimal(amountCents),
      }));
    },
    blockCard: async (customerId, lastDigits, idempotencyKey) =>
      (await call("demo_bank_block_card", Blocked, {
        ...{ customer_id: customerId, last_digits: lastDigits, idempotency_key: idempotencyKey },
      })).outcome,
    findBranches: (place) =>
      call("demo_bank_find_branches", Branches, place === null ? {} : { place }),
    async openCase(customerId, { subject, description, isVerified }, idempotencyKey) {
      const { caseNumber } = await call("demo_bank_open_case", OpenedCase, {
        ...(customerId && { customer_id: customerId }),
        ...{ subject, description, is_verified: isVerified, idempotency_key: idempotencyKey },
      });
      return { caseNumber: String(caseNumber) };
    },
  };
}

/** Hundredths as a decimal: -2350 is "-23.50". */
function decimal(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
