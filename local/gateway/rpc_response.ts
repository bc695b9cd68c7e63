/** Answers with the result of a call (PostgREST: Response.hs). */
import { ApiError } from "./api_error.ts";
import type { Row } from "./connection.ts";
import type { Routine } from "./routine.ts";
import type { RpcRequest } from "./rpc_request.ts";

/** Statuses that HTTP allows no body with. */
const WITHOUT_BODY = [204, 205, 304];

/** The answer. Throws ApiError PGRST111 or PGRST112 for a broken `response.headers` or `.status`. */
export function rpcResponse(row: Row, routine: Routine, request: RpcRequest): Response {
  const isVoid = routine.returns === "void" && !routine.returnsSet;
  const headers = new Headers({ "content-range": contentRange(row) });
  if (!isVoid) {
    const type = request.singular ? "application/vnd.pgrst.object+json" : "application/json";
    headers.set("content-type", `${type}; charset=utf-8`);
    headers.set("content-profile", request.schema);
  }
  for (const [name, value] of customHeaders(row.headers)) headers.append(name, value);
  const status = customStatus(row.status) ?? (isVoid ? 204 : isPartial(row) ? 206 : 200);
  const empty = isVoid || request.method === "HEAD" || WITHOUT_BODY.includes(status);
  return new Response(empty ? null : String(row.body), { status, headers });
}

/** Rolls the call back when one row was wanted and another number came. */
export function checkSingular({ row_count: count }: Row): void {
  if (count === 1) return;
  throw new ApiError(406, "PGRST116", "Cannot coerce the result to a single JSON object", {
    details: `The result contains ${count} rows`,
  });
}

function contentRange({ row_count: count, total }: Row): string {
  const range = Number(count) > 0 ? `0-${Number(count) - 1}` : "*";
  return `${range}/${total ?? "*"}`;
}

function isPartial({ row_count: count, total }: Row): boolean {
  return total !== null && Number(count) < Number(total);
}

function customStatus(status: Row[string] | undefined): number | undefined {
  if (status === null || status === undefined) return undefined;
  const number = Number(status);
  if (Number.isInteger(number) && number >= 200 && number <= 599) return number;
  throw new ApiError(500, "PGRST112", "response.status guc must be a valid status code");
}

function customHeaders(headers: Row[string] | undefined): [string, string][] {
  if (headers === null || headers === undefined) return [];
  try {
    const list: unknown[] = JSON.parse(String(headers));
    return list.map((item) => {
      const [entry, ...others] = Object.entries(item as Record<string, unknown>);
      if (!entry || others.length > 0 || typeof entry[1] !== "string") throw new TypeError();
      return [entry[0], entry[1]];
    });
  } catch {
    throw new ApiError(
      500,
      "PGRST111",
      "response.headers guc must be a JSON array composed of objects with a single key and a " +
        "string value",
    );
  }
}
