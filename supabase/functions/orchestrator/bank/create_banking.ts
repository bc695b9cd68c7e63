/** Which bank the tools ask, and who sends its codes: what the settings say, made real. */
import * as z from "zod";
import type { SupabaseOptions } from "../../_shared/caller.ts";
import type { TwilioAccount } from "../../_shared/twilio/send_message.ts";
import type { BankingDeps } from "../agents/tools/banking.ts";
import type { Bank } from "./bank.ts";
import { createSmsCodeSender } from "./code_sender.ts";
import { createDemoBank } from "./demo_bank.ts";
import { createVerificationDatabase } from "./verification_database.ts";
import { createVerifier } from "./verifier.ts";

/** The value of the setting `BANK`. */
export const BankName = z.enum(["none", "demo"], "is neither none nor demo");
type BankName = z.infer<typeof BankName>;

interface BankSettings extends TwilioAccount {
  bank: BankName;
  /** Our number that codes come from; null when none can be sent. */
  codeSmsFrom: string | null;
}

/** A bank of your own is one line here, and its name above. */
const BANKS: Record<BankName, (options: SupabaseOptions) => Bank | null> = {
  none: () => null,
  demo: createDemoBank,
};

/** The bank of the settings with its verifier; null without one. */
export function createBanking(
  settings: BankSettings,
  supabase: SupabaseOptions,
): BankingDeps | null {
  const bank = BANKS[settings.bank](supabase);
  if (!bank) return null;
  const sender = settings.codeSmsFrom ? createSmsCodeSender(settings, settings.codeSmsFrom) : null;
  const verifier = createVerifier({
    ...{ bank, sender },
    database: createVerificationDatabase(supabase),
  });
  return { bank, verifier };
}
