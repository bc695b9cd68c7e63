/** The longest text that Twilio takes, in UTF-16 units: the strictest way to count characters. */
export const MAX_CHARACTERS = 1600;
