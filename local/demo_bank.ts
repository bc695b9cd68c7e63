/** The demo bank of the local stack: its settings, and the customers that it knows. */
import postgres from "postgres";
import type { Environment } from "./function_environment.ts";

/** Those of the examples in README and docs/agents.md: whoever writes from one of these has accounts. */
const DEMO_CUSTOMERS = ["+5511987654321", "+4915112345678"];

/** What the stack is told when the operator says nothing of a bank. */
export function demoBankSettings(given: Environment): Environment {
  // At the real Twilio the number would be nobody's, or somebody else's.
  const sender = given["TWILIO_API_URL"] ? {} : { CODE_SMS_FROM: "+15005550006" };
  return { BANK: "demo", ...sender, ...given };
}

/** Invents accounts for these customers, once. */
export async function fillDemoBank(
  databaseUrl: string,
  phones: string[] = DEMO_CUSTOMERS,
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    for (const phone of phones) await sql`select demo_bank.fill(${phone})`;
  } finally {
    await sql.end();
  }
}
