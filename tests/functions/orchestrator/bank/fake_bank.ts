/** A bank in memory with two customers, and a verifier that says what a test wants. */
import type { Bank } from "../../../../supabase/functions/orchestrator/bank/bank.ts";
import type {
  VerificationBegin,
  VerificationDatabase,
} from "../../../../supabase/functions/orchestrator/bank/verification_database.ts";
import { CUSTOMER } from "../../../support/factories.ts";

export const MINE = "customer-1";
export const PHONE = CUSTOMER.replace("whatsapp:", "");

export interface FakeBank extends Bank {
  /** Each call as `name customer …`. */
  calls: string[];
}

/** One customer at the address of the tests; whoever else writes is nobody. */
export function fakeBank(): FakeBank {
  const calls: string[] = [];
  const note = <Result>(result: Result, ...call: unknown[]): Promise<Result> => {
    calls.push(call.join(" "));
    return Promise.resolve(result);
  };
  return {
    calls,
    findCustomer: ({ address }) =>
      Promise.resolve(address === CUSTOMER ? { customerId: MINE, phone: PHONE } : null),
    listAccounts: (customer) =>
      note(
        [
          account("a1", "Current", "10.00", ["4242"]),
          account("a2", "Savings", "20.50", ["1881"]),
        ],
        "listAccounts",
        customer,
      ),
    listTransactions: (customer, id, maximum) =>
      note(
        id === "a1" ? [{ bookedOn: "2026-01-02", text: "Rent", amount: "-5.00" }] : null,
        "listTransactions",
        ...[customer, id, maximum],
      ),
    blockCard: (customer, digits, key) => note("blocked" as const, "block", customer, digits, key),
    findBranches: (place) => note([], "findBranches", place),
    openCase: (customer, { subject, isVerified }, key) =>
      note({ caseNumber: "7" }, "openCase", customer, subject.length, isVerified, key),
  };
}

function account(accountId: string, name: string, balance: string, digits: string[]) {
  const cards = digits.map((lastDigits) => ({ lastDigits, isBlocked: false }));
  return { accountId, name, balance, currency: "EUR", cards };
}

export interface FakeVerifications extends VerificationDatabase {
  begun: unknown[];
  recorded: [string, string | null][];
}

/** A database that checks and begins so, and notes what it is asked. */
export function fakeVerifications(
  check: "verified" | "not_verified" | "lease_lost",
  begin: VerificationBegin = {
    ...{ outcome: "asked", challengeId: "c0000000-0000-4000-8000-0000000000c0" },
    ...{ code: "123456", validMinutes: 10 },
  },
): FakeVerifications {
  const begun: unknown[] = [];
  const recorded: [string, string | null][] = [];
  return {
    ...{ begun, recorded },
    checkVerification: () => Promise.resolve({ outcome: check }),
    beginVerification: ({ turnId, attempt }, target) => {
      begun.push({ turnId, attempt, ...target });
      return Promise.resolve(begin);
    },
    recordCode: (id, error) => (recorded.push([id, error]), Promise.resolve()),
  };
}
