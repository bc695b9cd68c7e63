/** The functions that the API exposes, and role settings, as the catalogue tells them. */
import type postgres from "postgres";

export interface Parameter {
  /** Empty when the function's author gave none. */
  name: string;
  type: string;
  required: boolean;
  variadic: boolean;
}

export interface Routine {
  schema: string;
  name: string;
  parameters: Parameter[];
  returns: "void" | "scalar" | "composite";
  returnsSet: boolean;
  volatile: boolean;
  /** The function's own settings which must count from the start of its transaction. */
  settings: Record<string, string>;
}

/** Settings by role: `alter role … set`. */
export type RoleSettings = Record<string, Record<string, string>>;

/** PostgREST's `db-hoisted-tx-settings`, by default. */
const HOISTED = [
  "statement_timeout",
  "plan_filter.statement_cost_limit",
  "default_transaction_isolation",
];

/** What the API can call in the schemas (PostgREST: SchemaCache.hs, funcsSqlQuery). */
export async function loadRoutines(sql: postgres.Sql, schemas: string[]): Promise<Routine[]> {
  return await sql<Routine[]>`
    with recursive base_types as (
      select oid, typbasetype, oid as base from pg_type where typbasetype = 0
      union all
      select pg_type.oid, pg_type.typbasetype, base_types.base
      from pg_type
      join base_types on base_types.oid = pg_type.typbasetype
    ),
    parameters as (
      select
        pg_proc.oid,
        json_agg(json_build_object(
          'name', coalesce(name, ''),
          'type', case type
            when 'bit'::regtype then 'bit varying'
            when 'bit[]'::regtype then 'bit varying[]'
            when 'character'::regtype then 'character varying'
            when 'character[]'::regtype then 'character varying[]'
            else type::regtype::text
          end,
          'required', position <= pronargs - pronargdefaults,
          'variadic', coalesce(mode = 'v', false)
        ) order by position) as list,
        case count(*) filter (where coalesce(name, '') = '')
          when 0 then true
          when 1 then count(*) = 1 and min(type::regtype::text) in ('json', 'jsonb')
          else false
        end as callable
      from pg_proc
      cross join unnest(proargnames, proargtypes, proargmodes)
        with ordinality as _ (name, type, mode, position)
      where type is not null
      group by pg_proc.oid
    )
    select
      pg_namespace.nspname as schema,
      proname as name,
      coalesce(parameters.list, '[]') as parameters,
      case
        when pg_type.typtype = 'c' or coalesce(proargmodes::text[] && '{t,b,o}', false)
          then 'composite'
        when pg_type.oid = 'void'::regtype then 'void'
        else 'scalar'
      end as returns,
      proretset as "returnsSet",
      provolatile = 'v' as volatile,
      (
        select coalesce(json_object_agg(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)), '{}')
        from unnest(proconfig) as s
        where split_part(s, '=', 1) in ${sql(HOISTED)}
      ) as settings
    from pg_proc
    join pg_namespace on pg_namespace.oid = pronamespace
    join base_types on base_types.oid = prorettype
    join pg_type on pg_type.oid = base_types.base
    left join parameters on parameters.oid = pg_proc.oid
    where nspname in ${sql(schemas)}
      and prokind = 'f'
      and pg_type.oid <> 'trigger'::regtype
      and coalesce(parameters.callable, true)`;
}

/** What `alter role … set` says for the roles that the API may become. */
export async function loadRoleSettings(sql: postgres.Sql): Promise<RoleSettings> {
  const rows = await sql<{ role: string; settings: Record<string, string> }[]>`
    select rolname as role, json_object_agg(pg_settings.name, value) as settings
    from pg_auth_members
    join pg_roles on pg_roles.oid = roleid
    cross join unnest(rolconfig) as config
    cross join lateral (
      select split_part(config, '=', 1) as key, substr(config, strpos(config, '=') + 1) as value
    ) as setting
    join pg_settings on pg_settings.name = key
      and (context = 'user' or has_parameter_privilege(current_user, key, 'set'))
    where member = quote_ident(current_user)::regrole
    group by rolname`;
  return Object.fromEntries(rows.map(({ role, settings }) => [role, settings]));
}
