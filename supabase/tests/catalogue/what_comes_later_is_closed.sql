begin;
select plan(5);

-- SETUP
-- What a migration might make that forgets to revoke.
create table public.later (id integer generated always as identity, secret text);
create view public.later_view as select secret from public.later;
create sequence public.later_sequence;
create function public.later_call() returns integer language sql as 'select 1';
create table cc_private.later (id integer);
create function cc_private.later_call() returns integer language sql as 'select 1';

create temp table api_role as select unnest('{anon, authenticated, service_role}'::name[]) as role;

-- TEST
select is_empty(
  $$
    select role, relation.oid::regclass, privilege
    from api_role, pg_class as relation,
      unnest('{select, insert, update, delete, truncate, references, trigger}'::text[]) as privilege
    where relation.relname in ('later', 'later_view') and relation.relkind in ('r', 'v')
      and has_table_privilege(role, relation.oid, privilege)
  $$,
  'a new table or view is nobody''s but its owner''s'
);
select is_empty(
  $$
    select role, relation.oid::regclass
    from api_role, pg_class as relation
    where relation.relkind = 'S' and relation.relname like 'later%'
      and has_sequence_privilege(role, relation.oid, 'usage, select, update')
  $$,
  'nor is a new sequence'
);
select is_empty(
  $$
    select role, routine.oid::regprocedure
    from api_role, pg_proc as routine
    where routine.proname = 'later_call' and has_function_privilege(role, routine.oid, 'execute')
  $$,
  'a new function is called by nobody else'
);
select is_empty(
  $$
    select oid::regprocedure
    from pg_proc
    where proname = 'later_call' and exists (
      select from aclexplode(coalesce(proacl, acldefault('f', proowner))) as entry
      where entry.grantee <> proowner
    )
  $$,
  'not even by roles that are still to come'
);
-- Whoever may use a type may put it into objects of their own.
select is_empty(
  $$
    select type.oid::regtype
    from pg_type as type
    left join pg_class as relation on relation.oid = type.typrelid
    where type.typnamespace = 'public'::regnamespace
      and (type.typtype in ('e', 'd', 'r', 'm') or relation.relkind = 'c')
      and not exists (select from pg_depend where objid = type.oid and deptype = 'e')
  $$,
  'types of our own lie in cc_private, where nobody else enters'
);

select * from finish();
rollback;
