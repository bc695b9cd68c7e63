/** Turns whatever the `openai` package throws into an `AgentError` that is safe to store and log. */
import type { APIError } from "openai";
import { AgentError, type AgentErrorCode } from "./agent_error.ts";

/** The error classes of the loaded package: it is loaded late, so they are passed in. */
export interface OpenAIErrors {
  APIError: typeof APIError;
  APIConnectionError: new (options: { message?: string }) => Error;
  APIConnectionTimeoutError: new () => Error;
  APIUserAbortError: new () => Error;
}

/** Gives back the `AgentError` for `error`, thrown while `model` was asked. */
export function toAgentError(error: unknown, model: string, errors: OpenAIErrors): AgentError {
  if (error instanceof AgentError) return error;
  const fail = (code: AgentErrorCode, reason: string, retryAfterMs: number | null = null) =>
    new AgentError(code, `Cannot get a reply from ${model}: ${reason}`, {
      cause: error,
      retryAfterMs,
    });
  if (error instanceof errors.APIUserAbortError) return fail("model_timeout", "time is up");
  if (error instanceof errors.APIConnectionTimeoutError) {
    return fail("model_timeout", "no answer in time");
  }
  if (error instanceof errors.APIConnectionError) {
    return fail("model_unavailable", "the connection failed");
  }
  if (error instanceof errors.APIError) {
    return fail(codeOf(error), reasonOf(error), retryAfterMs(error.headers));
  }
  // What is left are parsers that met an answer without the promised shape. Their messages quote
  // it, so not even the cause is kept.
  return new AgentError(
    "model_nonsense",
    `Cannot read the reply of ${model}: it has not the shape that was asked for`,
  );
}

function codeOf({ status, code }: APIError): AgentErrorCode {
  if (code === "insufficient_quota") return "model_quota_exceeded";
  if (code === "content_policy_violation" || code === "invalid_prompt") return "model_refused";
  if (status === 401 || status === 403) return "model_unauthorized";
  if (status === 429) return "model_rate_limited";
  if (status === 408 || status === 409 || (status ?? 500) >= 500) return "model_unavailable";
  return "model_rejected_request";
}

/** The API's codes that may stand in our tables. Any other may be anything, a customer's words too. */
const KNOWN_CODES = new Set([
  ...["account_deactivated", "billing_hard_limit_reached", "content_policy_violation"],
  ...["context_length_exceeded", "insufficient_quota", "invalid_api_key", "invalid_json_schema"],
  ...["invalid_prompt", "invalid_request", "invalid_type", "invalid_value", "model_not_found"],
  ...["missing_required_parameter", "rate_limit_exceeded", "server_error", "service_unavailable"],
  ...["string_above_max_length", "unknown_parameter", "unknown_url", "unsupported_parameter"],
  ...["unsupported_country_region_territory", "unsupported_model", "unsupported_value"],
]);

/** The status, the API's code when we know it, and the request's id when it looks like one. */
function reasonOf({ status, code, requestID }: APIError): string {
  const known = KNOWN_CODES.has(code ?? "") ? [code] : [];
  const id = /^req_[0-9a-f-]{16,40}$/.test(requestID ?? "") ? [requestID] : [];
  return [`status ${status ?? "unknown"}`, ...known, ...id].join(", ");
}

/** The milliseconds of `Retry-After`, which counts seconds; null without one. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const seconds = Number(headers?.get("retry-after") || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
