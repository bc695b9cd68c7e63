/** Turns what the database, or the way to it, said into PostgREST's answer. */
import postgres from "postgres";
import { ApiError } from "./api_error.ts";

/** First match wins, so exceptions stand above their class (PostgREST: Error.hs, pgErrorStatus). */
const STATUS_BY_SQLSTATE: [prefix: string, status: number][] = [
  ["08", 503],
  ["09", 500],
  ["0L", 403],
  ["0P", 403],
  ["23503", 409],
  ["23505", 409],
  ["25006", 405],
  ["21000", 500],
  ["25", 500],
  ["28", 403],
  ["2D", 500],
  ["38", 500],
  ["39", 500],
  ["3B", 500],
  ["40", 500],
  ["53400", 500],
  ["53", 503],
  ["54", 500],
  ["55", 500],
  ["57P01", 503],
  ["57", 500],
  ["58", 500],
  ["F0", 500],
  ["HV", 500],
  ["P0001", 400],
  ["P0", 500],
  ["XX", 500],
  ["42883", 404],
  ["42P01", 404],
  ["42P17", 500],
];

/**
 * The answer to a failed call. `role` is whom the call ran as: what `anon` may not do is 401, what
 * others may not is 403. Anything that is no Postgres error counts as a lost connection.
 */
export function fromDatabaseError(error: unknown, role: string): ApiError {
  if (error instanceof ApiError) return error;
  if (!(error instanceof postgres.PostgresError)) return lostConnection(error);
  if (error.code === "PGRST") return fromRaisedResponse(error);
  return new ApiError(statusOf(error, role), error.code, error.message, {
    details: error.detail ?? null,
    hint: error.hint ?? null,
    headers: statusOf(error, role) === 401 ? { "www-authenticate": "Bearer" } : {},
  });
}

/** The answer while no connection can be made: 503, PGRST000. */
export function noConnection(error: unknown): ApiError {
  return new ApiError(503, "PGRST000", "Database connection error. Retrying the connection.", {
    details: textOf(error),
  });
}

/** The answer when a connection breaks under a request, whose outcome stays unknown: PGRST001. */
function lostConnection(error: unknown): ApiError {
  return new ApiError(503, "PGRST001", "Database client error. Retrying the connection.", {
    details: textOf(error),
  });
}

function statusOf({ code, message }: postgres.PostgresError, role: string): number {
  if (code.startsWith("PT")) return customStatus(code);
  if (code === "42501") return role === "anon" ? 401 : 403;
  if (code === "22023" && /^role .* does not exist$/s.test(message)) return 401;
  return STATUS_BY_SQLSTATE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 400;
}

/** `PT409` means 409; a status that HTTP does not know becomes 500. */
function customStatus(code: string): number {
  const status = Number(code.slice(2));
  return status >= 200 && status <= 599 ? status : 500;
}

/** `raise sqlstate 'PGRST'` lets a function say code, message, status and headers itself. */
function fromRaisedResponse(error: postgres.PostgresError): ApiError {
  try {
    const { code, message, details, hint } = JSON.parse(error.message);
    const { status, headers } = JSON.parse(error.detail ?? "");
    if (!code || !message || !status || !headers) throw new TypeError("a key is missing");
    return new ApiError(status, code, message, { details, hint, headers });
  } catch {
    return new ApiError(
      500,
      "PGRST121",
      `Could not parse JSON in the "RAISE SQLSTATE 'PGRST'" error`,
      { details: `MESSAGE: '${error.message}', DETAIL: '${error.detail ?? ""}'` },
    );
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
