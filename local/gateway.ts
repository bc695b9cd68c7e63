/**
 * The API gateway of the local stack: `/rest/v1/rpc/*` as PostgREST behind Supabase's gateway,
 * `/functions/v1/*` as Supabase's Edge Functions, `/storage/v1/object/*` as its Storage.
 */
import { JWT_SECRET, PUBLISHABLE_KEY, SECRET_KEY } from "./credentials.ts";
import { ApiError } from "./gateway/api_error.ts";
import { failure, forward, type FunctionOrigins } from "./gateway/forward.ts";
import type { Keys } from "./gateway/identity.ts";
import { Patience } from "./gateway/patience.ts";
import { Pool, type PoolOptions } from "./gateway/pool.ts";
import { answerRpc, type RpcDeps } from "./gateway/rpc.ts";
import { answerTable } from "./gateway/table.ts";
import { SchemaCache } from "./gateway/schema_cache.ts";
import {
  answerStorage,
  objectsInFolder,
  objectsInMemory,
  type ObjectStore,
} from "./gateway/storage.ts";

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
  /** Where stored objects are kept; without it they are gone at the end. */
  storageFolder?: string;
}

export interface Gateway {
  port: number;
  /** `http://127.0.0.1:<port>`: what clients know as SUPABASE_URL. */
  url: string;
  /** Lets requests under way finish for a second, then answers them with 503. */
  stop(): Promise<void>;
}

/** The platform's limits: one for a request to the API, one for a function that says nothing. */
const API_TIMEOUT_MS = 60_000;
const FUNCTION_TIMEOUT_MS = 150_000;
const STOP_PATIENCE_MS = 1_000;
const LOCAL_KEYS = { publishable: PUBLISHABLE_KEY, secret: SECRET_KEY, jwtSecret: JWT_SECRET };

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, HEAD, POST, PATCH, DELETE, OPTIONS",
  "access-control-allow-headers":
    "Authorization, Content-Type, apikey, X-Client-Info, Accept-Profile, Content-Profile, Prefer",
};

/** Starts the gateway on 127.0.0.1. Throws when the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { databaseUrl, keys = LOCAL_KEYS, schemas = ["public", "graphql_public"] } = options;
  const pool = new Pool(databaseUrl, options.pool);
  const schemaCache = new SchemaCache(databaseUrl, schemas);
  const deps = { pool, schemaCache, keys, schemas, extraSearchPath: ["public", "extensions"] };
  const patience = new Patience();
  const objects = options.storageFolder
    ? objectsInFolder(options.storageFolder)
    : objectsInMemory();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: options.port,
      onListen: () => {},
      onError: (error) => Response.json({ message: String(error) }, { status: 500 }),
    },
    (request) => route(request, { ...deps, patience, objects, functions: options.functions }),
  );
  await schemaCache.start();
  const { port } = server.addr;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const finished = server.shutdown().then(() => true);
      if (!await within(STOP_PATIENCE_MS, finished)) {
        patience.end();
        await within(STOP_PATIENCE_MS, finished);
      }
      await Promise.all([pool.stop(), schemaCache.stop()]);
    },
  };
}

interface RouteDeps extends RpcDeps {
  patience: Patience;
  objects: ObjectStore;
  functions: FunctionOrigins | undefined;
}

async function route(request: Request, deps: RouteDeps): Promise<Response> {
  const [, area, version, ...path] = new URL(request.url).pathname.split("/").map(decodePart);
  if (area === "functions" && version === "v1" && path[0] && deps.functions) {
    const answer = forward(request, path[0], deps.functions);
    return await deps.patience.within(FUNCTION_TIMEOUT_MS, answer, functionTimedOut);
  }
  if (area === "rest" && version === "v1") return withCors(await rest(request, path, deps));
  if (area === "storage" && version === "v1") return await answerStorage(request, path, deps);
  return Response.json({ message: "no Route matched with those values" }, { status: 404 });
}

async function rest(request: Request, path: string[], deps: RouteDeps): Promise<Response> {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  const [rpc, name, ...more] = path;
  if (rpc && rpc !== "rpc" && name === undefined) {
    return await deps.patience.within(API_TIMEOUT_MS, answerTable(request, rpc, deps), apiTimedOut);
  }
  if (rpc !== "rpc" || !name || more.length > 0) {
    const details = "The local gateway knows /rest/v1/<table> and /rest/v1/rpc/<function> only.";
    const message = "Invalid path specified in request URL";
    return new ApiError(404, "PGRST125", message, { details }).toResponse();
  }
  // After a time-out the call goes on in the database, as on the platform.
  const answer = answerRpc(request, name, deps);
  return await deps.patience.within(API_TIMEOUT_MS, answer, apiTimedOut);
}

function apiTimedOut(): Response {
  return Response.json({ message: "The upstream server is timing out" }, { status: 504 });
}

function functionTimedOut(): Response {
  return failure(504, "IDLE_TIMEOUT", "The function did not answer in time");
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeoutMs);
  return await Promise.race([work, promise]).finally(() => clearTimeout(timer));
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
