/** Errors in the API's own JSON shape. */

const TYPES: Record<number, string> = {
  401: "invalid_request_error",
  403: "permission_error",
  429: "rate_limit_error",
};
const CODES: Record<number, string> = {
  401: "invalid_api_key",
  429: "rate_limit_exceeded",
  500: "server_error",
  503: "service_unavailable",
};
const RETRY_AFTER_SECONDS = 1;

/** An error that the API answers with; `code` is the API's word, `param` what it complains of. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
    message: string,
    readonly options: { param?: string } = {},
  ) {
    super(message);
  }

  /** The answer as the API gives it; 429 and 503 say when to come back. */
  toResponse(): Response {
    const type = TYPES[this.status] ??
      (this.status >= 500 ? "server_error" : "invalid_request_error");
    const { message, code, options: { param = null } } = this;
    const wait = this.status === 429 || this.status === 503;
    return Response.json({ error: { message, type, param, code } }, {
      status: this.status,
      headers: wait ? { "retry-after": String(RETRY_AFTER_SECONDS) } : {},
    });
  }
}

/** The error that goes with an HTTP status that a fault asks for, with its usual code if none. */
export function errorOfStatus(status: number, code?: string): ApiError {
  return new ApiError(
    status,
    code ?? CODES[status] ?? null,
    `The simulator was told to answer ${status}.`,
  );
}
