/** Which database a task about one customer's data works on, and whom it is about. */
import { z } from "zod";
import { DatabaseError } from "../../supabase/functions/_shared/errors.ts";
import { readSettings, SupabaseSettings } from "../../supabase/functions/_shared/settings.ts";
import { type Call, createCaller } from "../../supabase/functions/_shared/caller.ts";
import type { Environment } from "../function_environment.ts";
import { taskEnvironment } from "../task_environment.ts";

/** Longer than any RPC function takes. Milliseconds. */
const TIMEOUT_MS = 15_000;

const FoundCustomer = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("found"), customerId: z.uuid() }),
  z.object({ outcome: z.literal("not_found") }),
]);

/** Whom a task is about: one of the two. */
export interface Whom {
  customer?: string | undefined;
  address?: string | undefined;
}

/**
 * The RPC functions of the project at `projectUrl` (https://….supabase.co), with the secret key in
 * what is given; without a URL those of the local stack at `basePort`.
 * Throws an Error that names what is missing or wrong.
 */
export function connect(
  given: Environment,
  asked: { projectUrl?: string | undefined; basePort?: number | undefined },
): Call {
  const environment = taskEnvironment(given, asked);
  return createCaller({ ...readSettings(SupabaseSettings, environment), timeoutMs: TIMEOUT_MS });
}

/**
 * The id of the customer who is meant; undefined when nobody has the address.
 * Throws an Error unless exactly one of the two is given.
 */
export async function findCustomer(
  call: Call,
  { customer, address }: Whom,
): Promise<string | undefined> {
  if ((customer === undefined) === (address === undefined)) {
    throw new Error("Cannot tell who is meant: give --customer ID or --address whatsapp:+…");
  }
  if (customer !== undefined) return z.uuid("Cannot read --customer: it is no id").parse(customer);
  const found = await call("find_customer", FoundCustomer, { address: address ?? "" });
  return found.outcome === "found" ? found.customerId : undefined;
}

/** Whether the same call may succeed in a moment: nobody answered, or a lock was not to be had. */
export function mayPass(error: unknown): boolean {
  return error instanceof DatabaseError && (error.isTransient || error.code === "55P03");
}
