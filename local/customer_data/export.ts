/** All that is kept of one customer, read page by page. */
import { z } from "zod";
import type { Call } from "../../supabase/functions/_shared/caller.ts";
import { mayPass } from "./connect.ts";

const Page = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("exported"),
    /** Each is JSON, in words of its own. */
    rows: z.array(z.string()),
    after: z.string().nullable(),
  }),
  z.object({ outcome: z.literal("not_found") }),
]);

/**
 * Each row as JSON, with its `kind`: customer, address, conversation, message, rejected_webhook.
 * Throws a `DatabaseError`, and an Error when there is no such customer.
 */
export async function* exportCustomer(
  call: Call,
  customerId: string,
): AsyncGenerator<string> {
  let after: string | null = null;
  do {
    const page: z.infer<typeof Page> = await readPage(call, customerId, after);
    if (page.outcome === "not_found") {
      throw new Error("Cannot export: there is no customer with this id");
    }
    yield* page.rows;
    after = page.after;
  } while (after);
}

/** Asks twice more when that may help: a page that was read twice is written once. */
async function readPage(call: Call, customerId: string, after: string | null) {
  const parameters = { customer_id: customerId, ...(after && { after }) };
  for (let retries = 2;; retries--) {
    try {
      return await call("export_customer", Page, parameters);
    } catch (error) {
      if (!mayPass(error) || retries === 0) throw error;
    }
  }
}
