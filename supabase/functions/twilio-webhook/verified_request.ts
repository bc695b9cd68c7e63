/** The first step of every webhook: only what Twilio signed goes further. */
import type { Context, Next } from "hono";
import { readText } from "../_shared/door.ts";
import { RequestError } from "../_shared/errors.ts";
import { type FormParameters, parseForm } from "../_shared/twilio/form.ts";
import { verifySignature } from "../_shared/twilio/signature.ts";

const SIGNATURE = "x-twilio-signature";

export interface VerifiedRequest {
  parameters: FormParameters;
  signature: string;
}

/** Answers 415 to another content type, and 403 without a signature, before anything is read. */
export async function requireSignedForm(c: Context, next: Next): Promise<void> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header("content-type") ?? "")) {
    throw new RequestError("content_type_unsupported", 415);
  }
  if (!c.req.header(SIGNATURE)) throw new RequestError("signature_missing", 403);
  await next();
}

/**
 * The parameters of a form that Twilio signed for our public URL. Throws a `RequestError`: 400 for a
 * body that breaks off, 403 without a valid signature.
 */
export async function verifiedRequest(
  request: Request,
  { publicFunctionsUrl, twilioAuthTokens }: {
    publicFunctionsUrl: string;
    twilioAuthTokens: string[];
  },
): Promise<VerifiedRequest> {
  const signature = request.headers.get(SIGNATURE) ?? "";
  const parameters = parseForm(await readText(request));
  const url = publicUrl(request.url, publicFunctionsUrl);
  if (!verifySignature({ authTokens: twilioAuthTokens, url, parameters, signature })) {
    throw new RequestError("signature_invalid", 403);
  }
  return { parameters, signature };
}

/**
 * The URL that Twilio called. The platform shows functions an internal host and no /functions/v1,
 * so only path and query are the request's own.
 */
function publicUrl(requestUrl: string, publicFunctionsUrl: string): string {
  const { pathname, search } = new URL(requestUrl);
  return publicFunctionsUrl + pathname.replace(/^\/functions\/v1(?=\/)/, "") + search;
}
