/** The routes under /simulator, as whoever looks at the stack from outside calls them. */
import type { Ledger, LedgerDetails } from "../../local/ledger.ts";
import type { Fault } from "../../local/twilio_simulator/faults.ts";

export interface FaultList {
  targets: Record<string, string[]>;
  active: Fault[];
}

type Address = { url: string };

/** Presses a fault and gives what is active then. Throws the Error that the stack answers. */
export async function pressFault(
  twilio: Address,
  target: string,
  mode: string,
  times = 1,
): Promise<Fault[]> {
  const body = JSON.stringify({ target, mode, times });
  return (await ask<FaultList>(`${twilio.url}/simulator/faults`, { method: "POST", body })).active;
}

/** What can break, and what is broken. */
export async function listFaults(twilio: Address): Promise<FaultList> {
  return await ask(`${twilio.url}/simulator/faults`);
}

/** Mends everything. */
export async function clearFaults(twilio: Address): Promise<Fault[]> {
  const list: FaultList = await ask(`${twilio.url}/simulator/faults`, { method: "DELETE" });
  return list.active;
}

/** The ledger with its details. Throws the Error that the stack answers. */
export async function readLedger(twilio: Address): Promise<Ledger & { details: LedgerDetails }> {
  return await ask(`${twilio.url}/simulator/ledger?details=1`);
}

async function ask<Answer>(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  const answer = await response.json();
  if (!response.ok) throw new Error(`${response.status}: ${answer.error}`);
  return answer;
}
