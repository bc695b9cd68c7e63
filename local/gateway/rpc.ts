/**
 * PostgREST's `/rpc/<function>` for what supabase-js sends: resolve, call in one transaction,
 * answer (https://docs.postgrest.org/en/v14/references/api/functions.html).
 */
import { ApiError } from "./api_error.ts";
import { callStatement } from "./call_statement.ts";
import type { Connection, Row, Transaction } from "./connection.ts";
import { fromDatabaseError } from "./database_error.ts";
import { findRoutine } from "./find_routine.ts";
import { identify, type Identity, type Keys } from "./identity.ts";
import type { Pool } from "./pool.ts";
import type { Routine } from "./routine.ts";
import { readRpcRequest, type RpcRequest } from "./rpc_request.ts";
import { checkSingular, rpcResponse } from "./rpc_response.ts";
import type { SchemaCache } from "./schema_cache.ts";

export interface RpcDeps {
  pool: Pool;
  schemaCache: SchemaCache;
  keys: Keys;
  /** The schemas that the API exposes, the default one first. */
  schemas: string[];
  /** Schemas on every request's `search_path`, after its own. */
  extraSearchPath: string[];
}

/**
 * PostgREST 14 re-runs a transaction that failed with 40001 or 40P01 for ever. Here it ends, loudly,
 * so that no test hangs: code that gets this far hangs on the platform.
 */
const MAX_RUNS = 1000;
const RERUN = ["40001", "40P01"];

/** Answers a request to call function `name`; errors become PostgREST's answers. */
export async function answerRpc(request: Request, name: string, deps: RpcDeps): Promise<Response> {
  let role = "anon";
  try {
    const identity = identify(request.headers, deps.keys);
    role = identity.role;
    const { current } = deps.schemaCache;
    const rpc = await readRpcRequest(request, name, deps.schemas);
    const routine = await resolve(rpc, deps.schemaCache, current.routines);
    const roleSettings = deps.schemaCache.current.roleSettings[role] ?? {};
    const row = await deps.pool.use((connection) =>
      run(connection, {
        ...callStatement(routine, rpc),
        access: rpc.method === "POST" && routine.volatile ? "read write" : "read only",
        isolation: isolationOf(routine, roleSettings),
        settings: settingsOf(request, identity, routine, roleSettings, deps.extraSearchPath),
        ...(rpc.singular && routine.returnsSet ? { check: checkSingular } : {}),
      })
    );
    return rpcResponse(row, routine, rpc);
  } catch (error) {
    return fromDatabaseError(error, role).toResponse();
  }
}

async function resolve(
  rpc: RpcRequest,
  schemaCache: SchemaCache,
  routines: Routine[],
): Promise<Routine> {
  try {
    return findRoutine(routines, rpc);
  } catch {
    await schemaCache.reloadAfterMiss();
    return findRoutine(schemaCache.current.routines, rpc);
  }
}

async function run(connection: Connection, transaction: Transaction): Promise<Row> {
  for (let runs = 1;; runs++) {
    try {
      return await connection.transaction(transaction);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (!code || !RERUN.includes(code)) throw error;
      if (runs < MAX_RUNS) continue;
      throw new ApiError(500, code, `PostgREST re-runs this call for ever: ${message}`, {
        details: `It was run ${MAX_RUNS} times here and failed each time.`,
        hint: "Raise PT409 for a conflict, and take locks in one order.",
      });
    }
  }
}

function isolationOf(routine: Routine, roleSettings: Record<string, string>): string {
  const wanted = routine.settings.default_transaction_isolation ??
    roleSettings.default_transaction_isolation ?? "";
  return ["repeatable read", "serializable"].includes(wanted) ? wanted : "read committed";
}

/** In PostgREST's order, which matters: the role's settings are set before the role (PreQuery.hs). */
function settingsOf(
  request: Request,
  { role, claims }: Identity,
  routine: Routine,
  { default_transaction_isolation: _, ...roleSettings }: Record<string, string>,
  extraSearchPath: string[],
): [string, string][] {
  const { cookie, ...headers } = Object.fromEntries(request.headers);
  const path = [routine.schema, ...extraSearchPath].map((name) => `"${name}"`).join(", ");
  return [
    ["search_path", path],
    ...Object.entries(roleSettings),
    ["role", role],
    ["request.jwt.claims", JSON.stringify(claims)],
    ["request.method", request.method],
    ["request.path", `/rpc/${routine.name}`],
    ["request.headers", JSON.stringify(headers)],
    ["request.cookies", JSON.stringify(cookiesOf(cookie))],
    ...Object.entries(routine.settings),
  ];
}

function cookiesOf(cookie = ""): Record<string, string> {
  return Object.fromEntries(
    cookie.matchAll(/([^=;\s]+)=([^;]*)/g).map(([, name = "", value = ""]) => [name, value]),
  );
}
