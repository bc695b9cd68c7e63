/** A started Twilio simulator and Twilio's own client that talks to it. */
import twilio from "twilio";
import type { RequestOptions } from "twilio/lib/base/RequestClient.js";
import {
  type SimulatorOptions,
  startTwilioSimulator,
  type TwilioSimulator,
} from "../../local/twilio_simulator.ts";

export const ACCOUNT_SID = "AC0123456789abcdef0123456789abcdef";
export const AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
export const BUSINESS = "whatsapp:+14155238886";
export const CUSTOMER = "whatsapp:+5511987654321";

/** A simulator on a free port whose customers read at once; stopped when its scope ends. */
export async function testSimulator(
  options: Partial<SimulatorOptions> = {},
): Promise<TwilioSimulator & AsyncDisposable> {
  const simulator = await startTwilioSimulator({
    port: 0,
    accountSid: ACCOUNT_SID,
    authToken: AUTH_TOKEN,
    businessAddress: BUSINESS,
    // Above the ports that systems hand out: nobody listens there.
    webhookUrl: "http://127.0.0.1:65535/",
    life: [
      { status: "sent", afterMs: 0 },
      { status: "delivered", afterMs: 0 },
      { status: "read", afterMs: 0 },
    ],
    ...options,
  });
  return { ...simulator, [Symbol.asyncDispose]: () => simulator.stop() };
}

/** The client of npm twilio, whose host name cannot be configured: each request is sent elsewhere. */
export function twilioClient(url: string, authToken = AUTH_TOKEN): ReturnType<typeof twilio> {
  class LocalClient extends twilio.RequestClient {
    override request<Data>(options: RequestOptions<Data>) {
      const uri = options.uri.replace(/^https:\/\/(api|messaging)\.twilio\.com/, url);
      return super.request<Data>({ ...options, uri });
    }
  }
  return twilio(ACCOUNT_SID, authToken, { httpClient: new LocalClient() });
}

/** One request to Twilio's REST API as this service makes it, path below the account. */
export function twilioFetch(
  url: string,
  path: string,
  { method = "GET", form, authToken = AUTH_TOKEN, accountSid = ACCOUNT_SID, ...rest }:
    & RequestInit
    & {
      form?: Record<string, string> | [string, string][];
      authToken?: string;
      /** The account in the path; the authorization stays ours. */
      accountSid?: string;
    } = {},
): Promise<Response> {
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${authToken}`)}` };
  const body = form && { body: new URLSearchParams(form) };
  const address = `${url}/2010-04-01/Accounts/${accountSid}${path}`;
  return fetch(address, { method: form ? "POST" : method, headers, ...body, ...rest });
}
