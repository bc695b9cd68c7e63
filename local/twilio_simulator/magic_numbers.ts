/**
 * Customers who cannot be reached: a number that begins with +1500555 and goes on with one of
 * Twilio's error codes fails with that code, as Twilio's own test numbers do with others.
 */
const MAGIC = /^(?:whatsapp:)?\+1500555(\d{5})$/;

/** The code with which the POST is refused at once, or null. */
export function refusalFor(to: string): number | null {
  const code = codeIn(to);
  return code !== null && code < 30_000 ? code : null;
}

/** The code with which an accepted message fails later, as its status callback says, or null. */
export function magicFailure(to: string): number | null {
  const code = codeIn(to);
  return code !== null && code >= 30_000 ? code : null;
}

function codeIn(to: string): number | null {
  const digits = MAGIC.exec(to)?.[1];
  return digits === undefined ? null : Number(digits);
}
