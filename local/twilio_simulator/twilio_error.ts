/** Twilio's refusals: HTTP status, code and words. https://www.twilio.com/docs/api/errors */
const REFUSALS: Record<number, [status: number, message: string]> = {
  20001: [400, "Invalid parameter"],
  20003: [401, "Authenticate"],
  20404: [404, "The requested resource was not found"],
  20429: [429, "Too Many Requests"],
  20500: [500, "Internal Server Error"],
  21211: [400, "Invalid 'To' Phone Number"],
  21212: [400, "Invalid 'From' Phone Number"],
  21602: [400, "Message body is required."],
  21603: [400, "A 'From' phone number is required."],
  21604: [400, "A 'To' phone number is required."],
  21606: [400, "The 'From' phone number is not a valid, message-capable number of this account"],
  21609: [400, "The 'StatusCallback' URL is not a valid URL"],
  21610: [400, "Attempt to send to unsubscribed recipient"],
  21611: [400, "This 'From' number has exceeded the maximum number of queued messages"],
  21617: [400, "The concatenated message body exceeds the 1600 character limit"],
  21620: [400, "Invalid media URL(s)"],
  21623: [400, "Number of media files exceeds allowed limit"],
  21655: [400, "The ContentSid is invalid"],
  21656: [400, "The ContentVariables parameter is invalid"],
  21910: [400, "Invalid 'From' and 'To' pair: they should be of the same channel"],
  30409: [409, "This message cannot be canceled"],
  63007: [400, "Twilio could not find a Channel with the specified From address"],
  63031: [400, "Channels message cannot have same From and To"],
};

export class TwilioError extends Error {
  override readonly name = "TwilioError";
  readonly status: number;

  /** A refusal by its code; a code that is not in the list is refused with 400. */
  constructor(readonly code: number, detail?: string) {
    const [status, message] = REFUSALS[code] ?? [400, `Error ${code}`];
    super(detail === undefined ? message : `${message}: ${detail}`);
    this.status = status;
  }

  /** The body of the answer. */
  get body(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
    };
  }
}
