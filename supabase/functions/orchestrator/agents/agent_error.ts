/** Why an agent could not answer, and whether asking the same agent again may help. */

/** Every code, with whether a later attempt may succeed where this one failed. */
const RETRYABLE = {
  model_timeout: true,
  model_rate_limited: true,
  model_unavailable: true,
  /** It answered, but with nothing that can be sent: no JSON, the wrong shape, empty, too long. */
  model_nonsense: true,
  /** Its answer told what it was told, or a key: the next one may not. */
  model_unsafe: true,
  model_refused: false,
  model_unauthorized: false,
  /** The account has no money left: waiting does not bring it back. */
  model_quota_exceeded: false,
  /** The request itself is wrong: an unknown model, a parameter it does not take. */
  model_rejected_request: false,
  /** The customer's or everybody's tokens of today are used up. */
  model_budget_exceeded: false,
  /** The same of an agent service. */
  service_unavailable: true,
  service_nonsense: true,
  service_unauthorized: false,
  service_rejected_request: false,
  /** The workflow gave no reply, or broke. */
  workflow_failed: true,
  /** A tool that has an effect gave no answer: whether it had the effect is not known. */
  tool_failed: true,
  /** Another attempt has the turn: nothing with an effect may be done for this one. */
  lease_lost: false,
} as const;

export type AgentErrorCode = keyof typeof RETRYABLE;

/** Like `ErrorOptions`, and how long the other side asked us to wait, in milliseconds. */
export interface AgentErrorOptions {
  cause?: unknown;
  retryAfterMs?: number | null;
}

/**
 * `code` and `message` hold neither the customer's text nor the model's and may be stored and
 * logged. `cause` is the vendor's own error, whose text we do not control: never log it.
 */
export class AgentError extends Error {
  override readonly name = "AgentError";
  readonly code: AgentErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;

  constructor(code: AgentErrorCode, message: string, options: AgentErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = RETRYABLE[code];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
