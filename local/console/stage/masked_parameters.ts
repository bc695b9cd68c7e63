/** A webhook's parameters as the console shows them before the customer's data are asked for. */

const SHOWN = new Set([
  ...["MessageSid", "SmsMessageSid", "SmsSid", "AccountSid", "ApiVersion", "SmsStatus"],
  ...["NumMedia", "NumSegments", "ReferralNumMedia", "MessageType", "MessagingServiceSid"],
]);

/** The same JSON with every value masked that is not about the message's form alone. */
export function maskedParameters(row: string): string {
  const parameters = JSON.parse(row) as Record<string, unknown>;
  const masked = Object.entries(parameters).map(([name, value]) => [
    name,
    SHOWN.has(name) ? value : `••• (${String(value).length})`,
  ]);
  return JSON.stringify(Object.fromEntries(masked));
}
