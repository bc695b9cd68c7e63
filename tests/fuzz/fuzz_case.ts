/** One request as it goes over the wire, and what must come of it; as JSON it can be replayed. */
import { z } from "zod";

const Pairs = z.array(z.tuple([z.string(), z.string()]));
/** The names and values of a form, in order. */
export type Pairs = z.infer<typeof Pairs>;

export const FuzzCase = z.object({
  /** What is special about it. */
  what: z.string(),
  /** The public gateway, or a function's own port: the platform may pass on what is broken. */
  target: z.string().regex(/^(gateway|function:[\w-]+)$/),
  /** Request line and headers, with `{{signature}}` for the signature; one character a byte. */
  head: z.string(),
  /** One character a byte. */
  body: z.string(),
  /** What Twilio's signature is made of; without it the request is not Twilio's. */
  signed: z.object({ path: z.string(), pairs: Pairs }).nullable(),
  /** Whether the request is broken off: only then its end shows that no more comes. */
  breaksOff: z.boolean(),
  expected: z.object({
    /** Statuses it may be answered with; empty for any but a server's failure, or none. */
    status: z.array(z.number()),
    /** Where it is stored, whole and once. */
    stored: z.enum(["nowhere", "cc_messages", "cc_rejected_webhooks"]),
  }),
});
export type FuzzCase = z.infer<typeof FuzzCase>;

/** The parameters as a form has them: a list for a name that comes again. */
export function parametersOf(pairs: Pairs): Map<string, string | string[]> {
  const parameters = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const known = parameters.get(name);
    parameters.set(name, known === undefined ? value : [known, value].flat());
  }
  return parameters;
}
