/**
 * By what else Twilio knows who writes. On WhatsApp a person has a BSUID, a business-scoped user id,
 * beside a phone number or in place of it.
 * https://www.twilio.com/docs/whatsapp/key-concepts
 */
import { firstValue, type FormParameters } from "./form.ts";

/** `whatsapp:CC.id`, or `whatsapp:CC.ENT.id` for a business with several portfolios. */
const BSUID = /^(?:whatsapp:)?([A-Za-z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128})$/;

/**
 * The customer's further addresses, in the form of `From`, without `from` itself. `WaId` is none of
 * them: Twilio does not say what it holds when `From` is a BSUID, and two persons taken for one
 * would be worse than one person taken for two.
 */
export function otherAddressesOf(parameters: FormParameters, from: string): string[] {
  if (!from.startsWith("whatsapp:")) return [];
  const addresses = ["ExternalUserId", "ParentExternalUserId"].flatMap((name) => {
    const id = BSUID.exec(firstValue(parameters, name)?.trim() ?? "")?.[1];
    return id === undefined ? [] : `whatsapp:${id}`;
  });
  return [...new Set(addresses)].filter((address) => address !== from);
}
