/** Twilio's answer language, as far as we speak it: silence, or one message. */

/** TwiML that says nothing, or sends this text to whoever wrote. */
export function twiml(text?: string): string {
  const message = escapeXml(text ?? "");
  const content = message.trim()
    ? `<Response><Message>${message}</Message></Response>`
    : "<Response/>";
  return `<?xml version="1.0" encoding="UTF-8"?>${content}`;
}

/** An HTTP answer with TwiML: as text/plain Twilio would send the body itself to the customer. */
export function twimlResponse(text?: string): Response {
  return new Response(twiml(text), { headers: { "content-type": "text/xml; charset=utf-8" } });
}

function escapeXml(text: string): string {
  // XML 1.0 has no place for control characters, not even escaped.
  // deno-lint-ignore no-control-regex
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
