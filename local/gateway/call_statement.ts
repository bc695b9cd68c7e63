/** Writes the statement that calls a function and gives its result as JSON (Statements.hs). */
import { isUnnamed } from "./find_routine.ts";
import type { Parameter, Routine } from "./routine.ts";
import type { RpcRequest } from "./rpc_request.ts";

export interface CallStatement {
  statement: string;
  parameters: string[];
}

/** The platform's `max_rows`: longer results are cut. */
const MAX_ROWS = 1000;

/**
 * One row comes back: `body` (JSON text), `row_count`, `total` (null unless counted) and what the
 * function left in `response.status` and `response.headers`.
 */
export function callStatement(routine: Routine, request: RpcRequest): CallStatement {
  const { source, parameters } = callOf(routine, request);
  const count = routine.returnsSet ? "pg_catalog.count(_postgrest_t)::int" : "1";
  const total = request.counted ? "(select pg_catalog.count(*) from pgrst_source)::int" : "null";
  return {
    parameters,
    statement: `with pgrst_source as (select ${columns(routine)} from ${source}) ` +
      `select ${bodyOf(routine, request.singular)}::text as body, ` +
      `${count} as row_count, ${total} as total, ` +
      "nullif(current_setting('response.status', true), '') as status, " +
      "nullif(current_setting('response.headers', true), '') as headers " +
      `from (select * from pgrst_source limit ${MAX_ROWS}) as _postgrest_t`,
  };
}

function columns({ returns }: Routine): string {
  return returns === "composite" ? "pgrst_call.*" : "pgrst_call.pgrst_scalar";
}

function bodyOf({ returns, returnsSet }: Routine, singular: boolean): string {
  const scalar = returns !== "composite" && !(singular && returnsSet);
  const rows = `json_agg(_postgrest_t${scalar ? ".pgrst_scalar" : ""})`;
  return returnsSet && !singular ? `coalesce(${rows}, '[]')` : `coalesce(${rows}->0, 'null')`;
}

function callOf(routine: Routine, { keys, body }: RpcRequest) {
  const given = routine.parameters.filter(({ name }) => keys.includes(name));
  const call = (list: string) => invocation(routine, list);
  if (isUnnamed(routine) && body.kind !== "query") {
    return { source: call(`$1::text::${routine.parameters[0]?.type}`), parameters: [body.json] };
  }
  if (given.length === 0) return { source: call(""), parameters: [] };
  if (body.kind === "query") {
    const list = given.map((p, i) => argument(p, `$${i + 1}::text::${p.type}`)).join(", ");
    return { source: call(list), parameters: given.map(({ name }) => body.values.get(name) ?? "") };
  }
  const list = given.map((p) => argument(p, `pgrst_body.${quoted(p.name)}`)).join(", ");
  return {
    source: `${fieldsOf(given, body.kind)}, lateral ${call(list)}`,
    parameters: [body.json],
  };
}

/** Types the JSON values by the function's parameters; of an array only the first counts. */
function fieldsOf(given: Parameter[], kind: "object" | "array"): string {
  const fields = given.map(({ name, type }) => `${quoted(name)} ${type}`).join(", ");
  const typed = kind === "object" ? "json_to_record" : "json_to_recordset";
  return `(select * from ${typed}($1::text::json) as _(${fields}) limit 1) as pgrst_body`;
}

function argument({ name, variadic }: Parameter, value: string): string {
  return `${variadic ? "variadic " : ""}${quoted(name)} := ${value}`;
}

function invocation({ schema, name, returns }: Routine, list: string): string {
  const call = `${quoted(schema)}.${quoted(name)}(${list})`;
  return returns === "composite"
    ? `${call} as pgrst_call`
    : `(select ${call} as pgrst_scalar) as pgrst_call`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
