/**
 * A customer's message, as the webhook hands it to the database. Only its type is used outside of
 * tests, so no cold start waits for this schema.
 */
import * as z from "zod";

export const InboundMessage = z.object({
  providerMessageId: z.string(),
  channel: z.enum(["whatsapp", "sms"]),
  fromAddress: z.string(),
  toAddress: z.string(),
  /** Further addresses of the same customer. */
  otherAddresses: z.array(z.string()),
  bodyText: z.string(),
  bodyJson: z.object({
    kind: z.string(),
    forwarded: z.literal(true).optional(),
    frequently_forwarded: z.literal(true).optional(),
    referral: z.literal(true).optional(),
    media: z.array(z.object({ url: z.string(), content_type: z.string() })),
    parameters: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  }),
  customerName: z.string().nullable(),
});
export type InboundMessage = z.infer<typeof InboundMessage>;
