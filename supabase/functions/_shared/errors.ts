/** The errors that become answers: each with the code that logs and callers see, and its status. */

export class RequestError extends Error {
  override readonly name = "RequestError";

  /** `code` is one of the codes in docs/runbook.md; `status` the HTTP status of the answer. */
  constructor(readonly code: string, readonly status: 400 | 403 | 404 | 405 | 413 | 415 | 503) {
    super(`Cannot accept request: ${code.replaceAll("_", " ")}`);
  }
}

/** A call of the database that failed; it carries codes only, since messages may quote data. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";

  /**
   * `code` is the SQLSTATE or PostgREST's code, or `unreachable`; `status` the HTTP status, 0 when
   * there was no answer.
   */
  constructor(readonly operation: string, readonly code: string, readonly status: number) {
    super(`Cannot ${operation.replaceAll("_", " ")}: the database answered ${code}`);
  }

  /** Whether the same call may succeed later: there was no answer, or the server said it failed. */
  get isTransient(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

/** Whether the database answered, and would answer the same again. */
export function isFinalRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && !error.isTransient;
}

/** Whether the database knows the signature: the same bytes had their effect, split otherwise. */
export function isReplay(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "SB005";
}

/** The code of whatever was thrown, fit for logs: never a message, which may quote data. */
export function errorCode(error: unknown): string {
  if (error instanceof RequestError || error instanceof DatabaseError) return error.code;
  return error instanceof Error ? error.name : "unknown";
}
