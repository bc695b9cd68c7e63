/**
 * What the API says when it refuses: PostgREST's body `{code, message, details, hint}`, its status
 * and headers (https://docs.postgrest.org/en/v14/references/errors.html).
 */

export interface ApiErrorOptions {
  details?: string | null;
  hint?: string | null;
  headers?: Record<string, string>;
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: string | null;
  readonly hint: string | null;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = options.details ?? null;
    this.hint = options.hint ?? null;
    this.headers = options.headers ?? {};
  }

  toResponse(): Response {
    const { code, message, details, hint } = this;
    return new Response(JSON.stringify({ code, message, details, hint }), {
      status: this.status,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "proxy-status": `PostgREST; error=${code}`,
        ...(this.status === 503 ? { "retry-after": "1" } : {}),
        ...this.headers,
      },
    });
  }
}
