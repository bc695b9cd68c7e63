/**
 * What a contact centre needs of a bank. One adapter for each bank, in a file beside this one; agents
 * know nothing else of it. Every call is bound to one customer of the bank, whom no model names.
 */

/** Where somebody writes from. */
export interface BankContact {
  /** "whatsapp" or "sms". */
  channel: string;
  /** As the provider gives it: `whatsapp:+E164`, `+E164`, or without a number `whatsapp:CC.…`. */
  address: string;
}

export interface BankCustomer {
  /** The bank's own id; it goes to the bank and to nobody else. */
  customerId: string;
  /** The number on file, as E.164, to which codes are sent; null when there is none. */
  phone: string | null;
}

/** Amounts are decimals such as "-23.50", in units of the currency. */
export interface Account {
  accountId: string;
  name: string;
  currency: string;
  balance: string;
  cards: { lastDigits: string; isBlocked: boolean }[];
}

export interface Transaction {
  /** The day as YYYY-MM-DD. */
  bookedOn: string;
  text: string;
  amount: string;
}

export interface Branch {
  name: string;
  city: string;
  address: string;
  hours: string;
}

/** Every method may throw; what it throws is told to nobody. */
export interface Bank {
  /** Who that is, or null when the bank does not know the address, or not as one customer's alone. */
  findCustomer(contact: BankContact): Promise<BankCustomer | null>;
  /** The customer's own accounts, the main one first. */
  listAccounts(customerId: string): Promise<Account[]>;
  /** The latest bookings, the newest first; null when the account is not this customer's. */
  listTransactions(
    customerId: string,
    accountId: string,
    maximum: number,
  ): Promise<Transaction[] | null>;
  /** Blocks the customer's card; the same key again has no second effect, and the same result. */
  blockCard(
    customerId: string,
    lastDigits: string,
    idempotencyKey: string,
  ): Promise<"blocked" | "already_blocked" | "unknown_card">;
  /** The branches at a place, or all. */
  findBranches(place: string | null): Promise<Branch[]>;
  /** Opens a case for a customer, or for somebody whom the bank does not know; once under one key. */
  openCase(
    customerId: string | null,
    details: { subject: string; description: string; isVerified: boolean },
    idempotencyKey: string,
  ): Promise<{ caseNumber: string }>;
}
