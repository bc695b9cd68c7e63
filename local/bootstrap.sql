-- What a fresh hosted Supabase project has before its first migration, as far as this project can
-- meet it: roles, schemas, default privileges, event triggers. Run by the superuser
-- `supabase_admin`, once per database; the roles belong to the whole cluster.

-- Roles -----------------------------------------------------------------------------------------

do $roles$
declare
  attributes constant jsonb := jsonb_build_object(
    'postgres', 'login createdb createrole replication bypassrls',
    'anon', 'nologin',
    'authenticated', 'nologin',
    'service_role', 'nologin bypassrls',
    'authenticator', 'login noinherit',
    'supabase_auth_admin', 'login noinherit createrole',
    'supabase_storage_admin', 'login noinherit createrole',
    'supabase_functions_admin', 'login noinherit createrole'
  );
  role_name text;
begin
  for role_name in
    select jsonb_object_keys(attributes)
    except
    select rolname from pg_catalog.pg_roles
  loop
    execute format('create role %I %s', role_name, attributes ->> role_name);
    if attributes ->> role_name like 'login%' then
      execute format('alter role %I password %L', role_name, 'postgres');
    end if;
  end loop;
end
$roles$;

grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;
grant pg_create_subscription to postgres;
grant anon, authenticated, service_role to authenticator;
grant authenticator to supabase_storage_admin;

-- The platform's global limit, which bounds scheduled jobs and sessions of `postgres`.
alter role all set statement_timeout = '2min';
alter role supabase_admin set search_path = "$user", public, auth, extensions;
alter role supabase_admin set log_statement = 'none';
alter role postgres set search_path = "$user", public, extensions;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
-- The platform also loads `safeupdate` here (no update or delete without where): a C library that
-- the embedded Postgres lacks.
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = auth;
alter role supabase_storage_admin set search_path = storage;

-- Schemas ---------------------------------------------------------------------------------------

do $owner$
begin
  execute format('alter database %I owner to postgres', current_database());
end
$owner$;

grant usage on schema public to postgres, anon, authenticated, service_role;

create schema extensions;
grant usage on schema extensions to postgres, anon, authenticated, service_role;
grant create on schema extensions to postgres;
create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;
create extension supabase_vault;

create schema auth;
grant usage on schema auth to postgres, anon, authenticated, service_role;

create function auth.jwt()
returns jsonb
language sql
stable
as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')
  )::jsonb
$$;

create function auth.uid()
returns uuid
language sql
stable
as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;

create function auth.role()
returns text
language sql
stable
as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
  )
$$;

create function auth.email()
returns text
language sql
stable
as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
  )
$$;

-- Default privileges ----------------------------------------------------------------------------

alter default privileges for role postgres, supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;

-- Event triggers: the API reloads its picture of the schema after each change --------------------

create function extensions.pgrst_ddl_watch()
returns event_trigger
language plpgsql
as $$
begin
  if exists (
    select
    from pg_catalog.pg_event_trigger_ddl_commands() as command
    where command.schema_name is distinct from 'pg_temp'
      and (
        command.command_tag ~ '^(CREATE|ALTER) (SCHEMA|(FOREIGN )?TABLE|(MATERIALIZED )?VIEW|FUNCTION|TYPE)'
        or command.command_tag in ('SELECT INTO', 'CREATE TRIGGER', 'CREATE RULE', 'COMMENT')
      )
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

create function extensions.pgrst_drop_watch()
returns event_trigger
language plpgsql
as $$
begin
  if exists (
    select
    from pg_catalog.pg_event_trigger_dropped_objects() as dropped
    where dropped.object_type in (
        'schema', 'table', 'foreign table', 'view', 'materialized view', 'function', 'trigger', 'type', 'rule'
      )
      and not dropped.is_temporary
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
create event trigger pgrst_drop_watch on sql_drop execute function extensions.pgrst_drop_watch();
