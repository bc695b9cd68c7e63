/**
 * The content of one file at Twilio. Redirects are followed by hand, since each address must be
 * allowed and our credentials are for Twilio alone.
 * https://www.twilio.com/docs/messaging/api/media-resource
 */
import type { TwilioAccount } from "../_shared/twilio/send_message.ts";
import { isPublicAddress, isTwilioApi } from "./media_address.ts";
import { bareType, isAllowedType } from "./media_types.ts";

/** What WhatsApp carries at most. Bytes. */
export const MAXIMUM_MEDIA_BYTES = 16 * 1024 * 1024;
const MAXIMUM_REDIRECTS = 3;
/** For all requests of one file together. Milliseconds. */
const FETCH_TIMEOUT_MS = 25_000;

/** Twilio may not have the file yet, our token may be mended, others pass by themselves. */
const MAY_PASS = [401, 403, 404, 408, 425, 429];

/** Whose media these are. */
export type MediaAccount = Pick<
  TwilioAccount,
  "twilioApiUrl" | "twilioAccountSid" | "twilioAuthToken"
>;

export type FetchedMedia =
  | { ok: true; bytes: Uint8Array<ArrayBuffer>; contentType: string }
  | { ok: false; errorCode: string; mayPass: boolean };

/** The file is not to be had: this is why, and whether a later attempt may bring it. */
class FetchError extends Error {
  constructor(readonly code: string, readonly mayPass: boolean) {
    super(`Cannot fetch media: ${code.replaceAll("_", " ")}`);
  }
}

/**
 * Fetches what is at this URL. `declaredType` is what the webhook called it, for an answer that
 * does not say. Never throws: what went wrong is a value, with a code that names no address.
 */
export async function fetchMedia(
  account: MediaAccount,
  { url, contentType: declaredType }: { url: string; contentType: string },
): Promise<FetchedMedia> {
  try {
    const response = await followToContent(account, url, AbortSignal.timeout(FETCH_TIMEOUT_MS));
    return { ok: true, ...await readContent(response, declaredType) };
  } catch (error) {
    if (error instanceof FetchError) {
      return { ok: false, errorCode: error.code, mayPass: error.mayPass };
    }
    const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
    return { ok: false, errorCode: isTimeout ? "timed_out" : "unreachable", mayPass: true };
  }
}

async function followToContent(
  account: MediaAccount,
  start: string,
  signal: AbortSignal,
): Promise<Response> {
  let url = URL.parse(start);
  if (!url || !isTwilioApi(url, account.twilioApiUrl)) {
    throw new FetchError("host_not_allowed", false);
  }
  for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
    const response = await request(account, url, signal);
    if (!isRedirect(response)) return await accepted(response);
    await response.body?.cancel();
    url = nextAddress(account, url, response);
  }
  throw new FetchError("too_many_redirects", false);
}

async function request(account: MediaAccount, url: URL, signal: AbortSignal): Promise<Response> {
  const { twilioAccountSid, twilioAuthToken, twilioApiUrl } = account;
  const authorization = `Basic ${btoa(`${twilioAccountSid}:${twilioAuthToken}`)}`;
  const headers = isTwilioApi(url, twilioApiUrl) ? { authorization } : undefined;
  return await fetch(url, { redirect: "manual", signal, ...(headers && { headers }) });
}

function isRedirect({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function nextAddress({ twilioApiUrl }: MediaAccount, from: URL, response: Response): URL {
  const next = URL.parse(response.headers.get("location") ?? "", from);
  if (next && (isTwilioApi(next, twilioApiUrl) || isPublicAddress(next))) return next;
  throw new FetchError("redirect_not_allowed", false);
}

async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  await response.body?.cancel();
  const mayPass = response.status >= 500 || MAY_PASS.includes(response.status);
  throw new FetchError(`http_${response.status}`, mayPass);
}

async function readContent(
  response: Response,
  declaredType: string,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; contentType: string }> {
  try {
    const contentType = bareType(response.headers.get("content-type") ?? declaredType);
    if (!isAllowedType(contentType)) throw new FetchError("type_not_allowed", false);
    const length = Number(response.headers.get("content-length") ?? 0);
    if (length > MAXIMUM_MEDIA_BYTES) throw new FetchError("too_large", false);
    return { bytes: await readWithin(response, MAXIMUM_MEDIA_BYTES), contentType };
  } catch (error) {
    await response.body?.cancel().catch(() => {});
    throw error;
  }
}

/** The length that was announced proves nothing, so what comes is counted. */
async function readWithin(response: Response, maximum: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maximum) throw new FetchError("too_large", false);
    chunks.push(chunk);
  }
  if (size === 0) throw new FetchError("empty", true);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
