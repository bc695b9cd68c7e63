/**
 * What a model may ask of the bank. No tool takes a customer: the bank finds who that is by the
 * address of the conversation, and a verified one is needed for all that concerns an account.
 */
import * as z from "zod";
import type { Account, Bank, BankCustomer } from "../../bank/bank.ts";
import { findCustomer, type Verifier } from "../../bank/verifier.ts";
import { defineTool, type Tool, type ToolCall } from "./tool.ts";

export interface BankingDeps {
  bank: Bank;
  verifier: Verifier;
}

/** How many bookings are told. */
const TRANSACTION_COUNT = 5;
/** UTF-16 units of a case's subject and of its description. */
const MAXIMUM_SUBJECT_LENGTH = 120;
const MAXIMUM_DESCRIPTION_LENGTH = 2_000;

const NEEDS_PROOF = " Needs a verified customer: when it answers not_verified, do what it says.";

const accountId = z.string().nullable()
  .describe("An account_id that list_accounts gave; null for the main account.");

/** The tools of a bank, in the order in which the model sees them. */
export function bankingTools(deps: BankingDeps): Tool[] {
  return [...accountTools(deps), sendCode(deps), findBranch(deps), openCase(deps)];
}

function accountTools({ bank, verifier }: BankingDeps): Tool[] {
  const guard: Tool["guard"] = ({ context, signal }) => verifier.require({ ...context, signal });
  const customerOf = async ({ context }: ToolCall): Promise<BankCustomer> => {
    const customer = await findCustomer(bank, context);
    if (customer) return customer;
    throw new Error("Cannot look at an account: the bank knows this customer no more");
  };
  const accountOf = async (call: ToolCall, wanted: string | null) => {
    const { customerId } = await customerOf(call);
    const accounts = await bank.listAccounts(customerId);
    const account = accounts.find((each) => each.accountId === (wanted ?? accounts[0]?.accountId));
    return account && { customerId, account };
  };
  return [
    defineTool({
      name: "list_accounts",
      description: "Lists the customer's accounts with their cards." + NEEDS_PROOF,
      parameters: z.object({}),
      hasEffect: false,
      guard,
      run: async (_, call) =>
        (await bank.listAccounts((await customerOf(call)).customerId)).map(describe),
    }),
    defineTool({
      name: "get_balance",
      description: "Tells the balance of one of the customer's accounts." + NEEDS_PROOF,
      parameters: z.object({ account_id: accountId }),
      hasEffect: false,
      guard,
      run: async ({ account_id }, call) => {
        const found = await accountOf(call, account_id);
        if (!found) return { error: "unknown_account" };
        const { name, balance, currency } = found.account;
        return { account: name, balance, currency };
      },
    }),
    defineTool({
      name: "list_transactions",
      description: "Lists the latest bookings on one of the customer's accounts." + NEEDS_PROOF,
      parameters: z.object({ account_id: accountId }),
      hasEffect: false,
      guard,
      run: async ({ account_id }, call) => {
        const found = await accountOf(call, account_id);
        const listed = found &&
          await bank.listTransactions(found.customerId, found.account.accountId, TRANSACTION_COUNT);
        if (!listed) return { error: "unknown_account" };
        return listed.map(({ bookedOn, ...rest }) => ({ booked_on: bookedOn, ...rest }));
      },
    }),
    defineTool({
      name: "block_card",
      description: "Blocks one of the customer's cards, for good. Call it only when the customer " +
        "asks for it and has said which card." + NEEDS_PROOF,
      parameters: z.object({
        last_digits: z.string().regex(/^\d{4}$/).describe("The last four digits of the card."),
      }),
      hasEffect: true,
      guard,
      run: async ({ last_digits }, call) => ({
        card: last_digits,
        outcome: await bank.blockCard(
          (await customerOf(call)).customerId,
          last_digits,
          call.idempotencyKey ?? "",
        ),
      }),
    }),
  ];
}

function describe({ accountId, name, currency, cards }: Account) {
  return {
    ...{ account_id: accountId, name, currency },
    cards: cards.map(({ lastDigits, isBlocked }) => ({
      ...{ last_digits: lastDigits, is_blocked: isBlocked },
    })),
  };
}

function sendCode({ verifier }: BankingDeps): Tool {
  return defineTool({
    name: "send_code",
    description:
      "Sends another code. Call it when the customer says that the code did not come or " +
      "is expired, and do what it answers.",
    parameters: z.object({}),
    hasEffect: false,
    guard: ({ context, signal }) => verifier.require({ ...context, signal }, true),
    run: () => Promise.resolve({ outcome: "already_verified" }),
  });
}

function findBranch({ bank }: BankingDeps): Tool {
  return defineTool({
    name: "find_branch",
    description: "Finds branches of the bank with address and hours.",
    parameters: z.object({
      place: z.string().nullable().describe("A city, a street or a name; null for all."),
    }),
    hasEffect: false,
    run: ({ place }) => bank.findBranches(place),
  });
}

function openCase({ bank, verifier }: BankingDeps): Tool {
  return defineTool({
    name: "open_case",
    description:
      "Opens a case that a colleague works on later: a complaint, a dispute, a request " +
      "that you cannot fulfil. Tell the customer its number.",
    parameters: z.object({
      subject: z.string().describe("What it is about, in a few words."),
      description: z.string().describe("What the customer says, and wants."),
    }),
    hasEffect: true,
    run: async ({ subject, description }, { context, idempotencyKey }) => {
      const customer = await findCustomer(bank, context);
      const opened = await bank.openCase(customer?.customerId ?? null, {
        subject: subject.slice(0, MAXIMUM_SUBJECT_LENGTH),
        description: description.slice(0, MAXIMUM_DESCRIPTION_LENGTH),
        isVerified: await verifier.isVerified(context),
      }, idempotencyKey ?? "");
      return { case_number: opened.caseNumber };
    },
  });
}
