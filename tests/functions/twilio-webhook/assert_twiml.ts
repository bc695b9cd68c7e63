/** What Twilio must be told when there is nothing to say. */
import assert from "node:assert/strict";

export const SILENT_TWIML = `<?xml version="1.0" encoding="UTF-8"?><Response/>`;

/** Fails unless this is 200 and TwiML that says nothing. */
export async function assertSilentTwiml(response: Response): Promise<void> {
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/xml; charset=utf-8");
  assert.equal(await response.text(), SILENT_TWIML);
}
