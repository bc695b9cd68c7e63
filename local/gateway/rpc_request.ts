/** Reads a call from a request as PostgREST does (ApiRequest.hs, Payload.hs). */
import { ApiError } from "./api_error.ts";

/** Where the values of the arguments come from. */
export type Body =
  | { kind: "object" | "array"; json: string }
  | { kind: "query"; values: Map<string, string> };

export interface RpcRequest {
  /** HEAD and GET read only. */
  method: "GET" | "HEAD" | "POST";
  schema: string;
  name: string;
  /** The names of the arguments, sorted. */
  keys: string[];
  body: Body;
  /** Whether exactly one row is wanted, as an object (`.single()`). */
  singular: boolean;
  /** Whether the number of all rows is wanted (`Prefer: count=…`). */
  counted: boolean;
}

const SINGULAR = "application/vnd.pgrst.object+json";
const ACCEPTED = [SINGULAR, "application/json", "application/*", "*/*"];

/** Query parameters that would change the rows given back. */
const SHAPING = ["select", "order", "limit", "offset", "columns", "on_conflict", "and", "or"];

/**
 * The call in a request for function `name`. Throws ApiError: PGRST101 (method), PGRST102 (body),
 * PGRST106 (schema), PGRST107 (accept), PGRST127 for what this gateway does not do.
 */
export async function readRpcRequest(
  request: Request,
  name: string,
  schemas: string[],
): Promise<RpcRequest> {
  const method = methodOf(request);
  const query = new URL(request.url).searchParams;
  refuseShaping(query, method);
  const { keys, body } = method === "POST" ? await readBody(request) : readQuery(query);
  return {
    method,
    schema: schemaOf(request, schemas),
    name,
    keys: keys.sort(),
    body,
    singular: wantsOne(request.headers.get("accept") ?? "*/*"),
    counted: /count=(exact|planned|estimated)/.test(request.headers.get("prefer") ?? ""),
  };
}

function methodOf({ method }: Request): RpcRequest["method"] {
  if (method === "POST" || method === "GET" || method === "HEAD") return method;
  throw new ApiError(405, "PGRST101", `Cannot use the ${method} method on RPC`);
}

function schemaOf({ method, headers }: Request, schemas: string[]): string {
  const wanted = headers.get(method === "POST" ? "content-profile" : "accept-profile");
  if (wanted === null) return schemas[0] ?? "public";
  if (schemas.includes(wanted)) return wanted;
  throw new ApiError(406, "PGRST106", `Invalid schema: ${wanted}`, {
    hint: `Only the following schemas are exposed: ${schemas.join(", ")}`,
  });
}

function wantsOne(accept: string): boolean {
  const types = accept.split(",").map((type) => type.split(";")[0]?.trim() ?? "");
  const first = types.find((type) => ACCEPTED.includes(type));
  if (first) return first === SINGULAR;
  const message = `None of these media types are available: ${types.join(", ")}`;
  throw new ApiError(406, "PGRST107", message);
}

/** PostgREST would select, filter and order the rows; doing nothing instead would be a lie. */
function refuseShaping(query: URLSearchParams, method: RpcRequest["method"]) {
  const shaping = [...query.keys()].find((key) => method === "POST" || SHAPING.includes(key));
  if (shaping === undefined) return;
  throw new ApiError(400, "PGRST127", "Feature not implemented", {
    details: `The local gateway does not filter, order or limit the rows of a call: "${shaping}"`,
  });
}

function readQuery(query: URLSearchParams): { keys: string[]; body: Body } {
  const values = new Map(query);
  return { keys: [...values.keys()], body: { kind: "query", values } };
}

async function readBody(request: Request): Promise<{ keys: string[]; body: Body }> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim() ?? "application/json";
  if (type !== "application/json") throw unreadable(`Content-Type not acceptable: ${type}`);
  const json = await request.text() || "{}";
  const value = parse(json);
  if (Array.isArray(value) && value.length > 0) {
    return { keys: sharedKeys(value), body: { kind: "array", json } };
  }
  if (isObject(value)) return { keys: Object.keys(value), body: { kind: "object", json } };
  // PostgREST takes everything else for an empty array.
  return { keys: [], body: { kind: "array", json: "[]" } };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw unreadable("Empty or invalid json");
  }
}

function sharedKeys(values: unknown[]): string[] {
  const keys = values.map((value) => isObject(value) ? Object.keys(value).sort() : undefined);
  const [first] = keys;
  if (first && keys.every((others) => String(others) === String(first))) return first;
  throw unreadable("All object keys must match");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(message: string): ApiError {
  return new ApiError(400, "PGRST102", message);
}
