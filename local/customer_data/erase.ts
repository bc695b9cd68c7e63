/** The erasure of one customer, from outside: call after call until nothing is left. */
import { z } from "zod";
import { DatabaseError } from "../../supabase/functions/_shared/errors.ts";
import type { Call } from "../../supabase/functions/_shared/caller.ts";
import { mayPass } from "./connect.ts";

const count = z.int().nonnegative();

export const CustomerData = z.object({
  customers: count,
  addresses: count,
  conversations: count,
  messages: count,
  files: count,
  rejectedWebhooks: count,
});
export type CustomerData = z.infer<typeof CustomerData>;

const Erasure = z.discriminatedUnion("outcome", [
  z.object({ outcome: z.literal("erased"), remainingFiles: count }),
  z.object({
    outcome: z.literal("erasing"),
    remaining: count.optional(),
    remainingFiles: count,
  }),
  z.object({ outcome: z.literal("not_found") }),
]);

/** How it ended: `files_remain` when Storage has not confirmed all in time; they go on going. */
export type EraseEnd = "erased" | "files_remain" | "in_flight" | "not_found";

export interface EraseOptions {
  /** How long to wait for the files to be gone. Milliseconds. */
  filesWithinMs: number;
  /** How often to ask again after an error that may pass. */
  maximumRetries?: number;
  progress: (text: string) => void;
  now: () => number;
  wait: (ms: number) => Promise<void>;
}

const PAUSE_MS = 1_000;

/** What is kept of the customer. Throws a `DatabaseError`. */
export async function countCustomerData(call: Call, customerId: string): Promise<CustomerData> {
  return await call("count_customer_data", CustomerData, { customer_id: customerId });
}

/** Erases until all is gone, or its time is up. Throws a `DatabaseError`. */
export async function eraseCustomer(
  call: Call,
  customerId: string,
  options: EraseOptions,
): Promise<EraseEnd> {
  let filesUntil: number | undefined;
  let retries = options.maximumRetries ?? 10;
  while (true) {
    try {
      const erasure = await call("erase_customer", Erasure, { customer_id: customerId });
      if (erasure.outcome === "not_found") return "not_found";
      if (erasure.outcome === "erasing") {
        options.progress(`${erasure.remaining ?? "some"} messages remain`);
        // Without a number it met a conversation that began at this moment.
        if (erasure.remaining === undefined) await options.wait(PAUSE_MS);
        continue;
      }
      if (erasure.remainingFiles === 0) return "erased";
      filesUntil ??= options.now() + options.filesWithinMs;
      if (options.now() >= filesUntil) return "files_remain";
      options.progress(`${erasure.remainingFiles} files remain`);
    } catch (error) {
      if (error instanceof DatabaseError && error.code === "PT409") return "in_flight";
      if (!mayPass(error) || retries-- === 0) throw error;
    }
    await options.wait(PAUSE_MS);
  }
}
