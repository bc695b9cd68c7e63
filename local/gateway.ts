/**
 * The API gateway of the local stack: `/rest/v1/rpc/*` as PostgREST behind Supabase's gateway,
 * `/functions/v1/*` as Supabase's Edge Functions.
 */
import { JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY } from "./credentials.ts";
import { ApiError } from "./gateway/api_error.ts";
import { forward, type FunctionOrigins } from "./gateway/forward.ts";
import type { Keys } from "./gateway/identity.ts";
import { Pool, type PoolOptions } from "./gateway/pool.ts";
import { answerRpc, type RpcDeps } from "./gateway/rpc.ts";
import { SchemaCache } from "./gateway/schema_cache.ts";

export interface GatewayOptions {
  /** 0 takes a free one. */
  port: number;
  /** The database, as the role `authenticator`. It need not be up yet. */
  databaseUrl: string;
  /** Without it every function is unknown. */
  functions?: FunctionOrigins;
  /** The local stack's fixed keys when absent. */
  keys?: Keys;
  /** The exposed schemas, the default one first. */
  schemas?: string[];
  pool?: PoolOptions;
}

export interface Gateway {
  port: number;
  /** `http://127.0.0.1:<port>`: what clients know as SUPABASE_URL. */
  url: string;
  /** Lets requests under way finish for a second, then cuts them off. */
  stop(): Promise<void>;
}

/** The platform's limit for one request to the API. */
const REQUEST_TIMEOUT_MS = 60_000;
const STOP_PATIENCE_MS = 1_000;
const LOCAL_KEYS = { publishable: PUBLISHABLE_KEY, secret: SECRET_KEY, jwtSecret: JWT_SECRET };

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
  "access-control-allow-headers":
    "Authorization, Content-Type, apikey, X-Client-Info, Accept-Profile, Content-Profile, Prefer",
};

/** Starts the gateway on 127.0.0.1. Throws when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { databaseUrl, keys = LOCAL_KEYS, schemas = ["public", "graphql_public"] } = options;
  const pool = new Pool(databaseUrl, options.pool);
  const schemaCache = new SchemaCache(databaseUrl, schemas);
  const deps = { pool, schemaCache, keys, schemas, extraSearchPath: ["public", "extensions"] };
  const cutOff = new AbortController();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port, signal: cutOff.signal, onListen: () => {} },
    (request) => route(request, deps, options.functions),
  );
  await schemaCache.start();
  const { port } = server.addr;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const timer = setTimeout(() => cutOff.abort(), STOP_PATIENCE_MS);
      await server.shutdown();
      clearTimeout(timer);
      await Promise.all([pool.stop(), schemaCache.stop()]);
    },
  };
}

async function route(
  request: Request,
  deps: RpcDeps,
  functions: FunctionOrigins | undefined,
): Promise<Response> {
  const [, area, version, ...path] = new URL(request.url).pathname.split("/").map(decodePart);
  if (area === "functions" && version === "v1" && path[0] && functions) {
    return await forward(request, path[0], functions);
  }
  if (area === "rest" && version === "v1") return withCors(await rest(request, path, deps));
  return Response.json({ message: "no Route matched with those values" }, { status: 404 });
}

async function rest(request: Request, path: string[], deps: RpcDeps): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  const [rpc, name, ...more] = path;
  if (rpc !== "rpc" || !name || more.length > 0) {
    const details = "The local gateway knows /rest/v1/rpc/<function> only.";
    const message = "Invalid path specified in request URL";
    return new ApiError(404, "PGRST125", message, { details }).toResponse();
  }
  return await withinTime(answerRpc(request, name, deps));
}

/** The call goes on in the database, as on the platform; only the client stops waiting. */
async function withinTime(answer: Promise<Response>): Promise<Response> {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const tooLate = { message: "The upstream server is timing out" };
  const timer = setTimeout(
    () => resolve(Response.json(tooLate, { status: 504 })),
    REQUEST_TIMEOUT_MS,
  );
  return await Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}

function withCors(response: Response): Response {
  for (const [name, value] of Object.entries(CORS)) response.headers.set(name, value);
  return response;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
