/**
 * The rule that nothing about an account is told before the customer is verified: who asks too early
 * starts the verification. The code goes from the database to the sender, and nowhere else.
 */
import type { AgentContext } from "../agents/agent.ts";
import { AgentError } from "../agents/agent_error.ts";
import type { Bank, BankCustomer } from "./bank.ts";
import type { CodeSender } from "./code_sender.ts";
import type { VerificationDatabase } from "./verification_database.ts";

/** Why an account is not looked at, and what to do about it. */
export const REFUSALS = {
  code_sent:
    "A code was just sent by SMS to the number that the bank has on file. Ask the customer to " +
    "write it here.",
  code_awaited: "A code was sent before. Ask the customer to write it here.",
  code_not_sent: "The code could not be sent. Apologise, and ask the customer to try again later.",
  too_many_codes: "Too many codes were sent of late. Ask the customer to try again in an hour.",
  locked: "Too many wrong codes. Say that a colleague takes over, and hand over.",
  cannot_verify:
    "The customer cannot be verified here. Say that a colleague takes over, hand over.",
  unknown_customer:
    "The bank does not know this number. Say that a colleague takes over, hand over.",
} as const;

/** What is told instead of a result. */
export interface Refusal {
  error: "not_verified";
  verification: keyof typeof REFUSALS;
  what_to_do: string;
}

export interface Verifier {
  /**
   * Null when the conversation is verified; else why not, after a code was sent where one is needed.
   * `again` asks for another one. Throws an `AgentError` when the turn is another's by now.
   */
  require(context: AgentContext, again?: boolean): Promise<Refusal | null>;
  /** Whether the conversation is verified; sends nothing. */
  isVerified(context: AgentContext): Promise<boolean>;
}

export interface VerifierDeps {
  database: VerificationDatabase;
  bank: Bank;
  /** null when codes cannot be sent: then nobody can be verified. */
  sender: CodeSender | null;
}

/** Makes the verifier. */
export function createVerifier(deps: VerifierDeps): Verifier {
  const isVerified = async ({ turnId, attempt }: AgentContext) =>
    stillOurs((await deps.database.checkVerification(turnId, attempt)).outcome) === "verified";
  return {
    isVerified,
    async require(context, again = false) {
      if (await isVerified(context)) return null;
      const customer = await findCustomer(deps.bank, context);
      if (!customer) return refusal("unknown_customer");
      const { sender } = deps;
      // Who has the conversation's channel in hand must not get the code there as well.
      if (!sender || sender.channel === context.channel || !customer.phone) {
        return refusal("cannot_verify");
      }
      return await askForCode(deps.database, sender, { context, phone: customer.phone, again });
    },
  };
}

/** The bank's customer behind a conversation: taken from its address, never from what was written. */
export function findCustomer(bank: Bank, context: AgentContext): Promise<BankCustomer | null> {
  return bank.findCustomer({ channel: context.channel, address: context.customerAddress });
}

async function askForCode(
  database: VerificationDatabase,
  sender: CodeSender,
  { context, phone, again }: { context: AgentContext; phone: string; again: boolean },
): Promise<Refusal | null> {
  const target = { channel: sender.channel, address: phone, again };
  const begun = await database.beginVerification(context, target);
  if (begun.outcome !== "asked") {
    switch (stillOurs(begun.outcome)) {
      case "verified":
        return null;
      case "awaited":
        return refusal("code_awaited");
      case "same_channel":
        return refusal("cannot_verify");
      case "locked":
        return refusal("locked");
      default:
        return refusal("too_many_codes");
    }
  }
  const { challengeId, code, validMinutes } = begun;
  const errorCode = await sender.send({ challengeId, phone, code, validMinutes }, context.signal);
  await database.recordCode(challengeId, errorCode);
  return refusal(errorCode ? "code_not_sent" : "code_sent");
}

function stillOurs<Outcome extends string>(outcome: Outcome): Exclude<Outcome, "lease_lost"> {
  if (outcome !== "lease_lost") return outcome as Exclude<Outcome, "lease_lost">;
  throw new AgentError("lease_lost", "Cannot look at an account: another attempt has the turn");
}

function refusal(verification: keyof typeof REFUSALS): Refusal {
  return { error: "not_verified", verification, what_to_do: REFUSALS[verification] };
}
