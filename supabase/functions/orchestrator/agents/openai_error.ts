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

/** The status, and the API's code and request id when they are plain words: nothing else is. */
function reasonOf({ status, code, requestID }: APIError): string {
  const plain = [code, requestID].filter((word) => /^[\w-]{1,80}$/.test(word ?? ""));
  return [`status ${status ?? "unknown"}`, ...plain].join(", ");
}

/** The milliseconds of `Retry-After`, which counts seconds; null without one. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const seconds = Number(headers?.get("retry-after") || Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}
