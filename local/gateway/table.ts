/**
 * `/rest/v1/<table>`: whether the caller may do that with the table, tried in the database as
 * PostgREST would. No function of ours has a right to any table, so more is never needed here: who
 * may is told that this gateway serves no rows.
 */
import { ApiError } from "./api_error.ts";
import { fromDatabaseError } from "./database_error.ts";
import { identify } from "./identity.ts";
import type { RpcDeps } from "./rpc.ts";

const RELATION = `select
  quote_ident(schema.nspname) || '.' || quote_ident(relation.relname) as name,
  (
    select quote_ident(attname) from pg_catalog.pg_attribute
    where attrelid = relation.oid and attnum > 0 and not attisdropped and attgenerated = ''
    order by attidentity = 'a', attnum limit 1
  ) as column
from (values ($1, $2)) as wanted (schema, relation)
left join pg_catalog.pg_namespace as schema on schema.nspname = wanted.schema
left join pg_catalog.pg_class as relation on relation.relnamespace = schema.oid
  and relation.relname = wanted.relation and relation.relkind in ('r', 'p', 'v', 'm', 'f')`;

/** Each needs the right to do it, and does nothing. */
const ATTEMPTS: Record<string, (table: string, column: string) => string> = {
  GET: (table, column) => `select ${column} from ${table} where false`,
  HEAD: (table, column) => `select ${column} from ${table} where false`,
  POST: (table, column) => `insert into ${table} (${column}) select null where false returning 1`,
  PATCH: (table, column) => `update ${table} set ${column} = null where false returning 1`,
  DELETE: (table) => `delete from ${table} where false returning 1`,
};

/**
 * Answers as PostgREST where the database forbids it or has no such table: 401 or 403 with 42501,
 * 404 with PGRST205; else 501.
 */
export async function answerTable(
  request: Request,
  name: string,
  deps: RpcDeps,
): Promise<Response> {
  let role = "anon";
  try {
    const { claims, ...identity } = identify(request.headers, deps.keys);
    role = identity.role;
    const attempt = ATTEMPTS[request.method];
    if (!attempt) throw new ApiError(405, "PGRST117", `Unsupported HTTP method: ${request.method}`);
    const schema = schemaOf(request, deps.schemas);
    await deps.pool.use(async (connection) => {
      const transaction = {
        access: "read write" as const,
        isolation: "read committed",
        settings: [["role", role], ["request.jwt.claims", JSON.stringify(claims)]] as [
          string,
          string,
        ][],
      };
      const relation = { statement: RELATION, parameters: [schema, name] };
      const found = await connection.transaction({ ...transaction, ...relation });
      if (found.column === null) throw unknownTable(schema, name);
      const tried = attempt(String(found.name), String(found.column));
      const statement = `with tried as (${tried}) select count(*)::integer as count from tried`;
      await connection.transaction({ ...transaction, statement, parameters: [] });
    });
    throw new ApiError(501, "PGRST127", "Feature not implemented", {
      details: `The local gateway serves no rows of tables, though "${role}" may have them.`,
    });
  } catch (error) {
    return fromDatabaseError(error, role).toResponse();
  }
}

function schemaOf({ method, headers }: Request, schemas: string[]): string {
  const reads = method === "GET" || method === "HEAD";
  const wanted = headers.get(reads ? "accept-profile" : "content-profile") ?? schemas[0] ?? "";
  if (schemas.includes(wanted)) return wanted;
  throw new ApiError(406, "PGRST106", `Invalid schema: ${wanted}`, {
    hint: `Only the following schemas are exposed: ${schemas.join(", ")}`,
  });
}

function unknownTable(schema: string, name: string): ApiError {
  const message = `Could not find the table '${schema}.${name}' in the schema cache`;
  return new ApiError(404, "PGRST205", message);
}
