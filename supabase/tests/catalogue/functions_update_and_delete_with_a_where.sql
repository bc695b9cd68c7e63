begin;
select plan(2);

-- SETUP
-- The platform refuses an update or a delete without where, when the function is called.
create function pg_temp.statements_without_where(body text)
returns setof text
language sql
as $$
  select trim(statement, E' \n')
  from regexp_split_to_table(
    regexp_replace(
      -- Comments and texts speak of updates; upserts and row locks are something else.
      regexp_replace(lower(body), $re$--[^\n]*|'[^']*'$re$, '', 'g'),
      '\m(do|for|for no key) update\M', '', 'g'
    ),
    -- A statement ends with ; and, as part of a query, before the next bracketed one.
    ';|\),\s*[a-z_]+ as (?:not materialized |materialized )?\('
  ) as statement
  where statement ~ '\m(update\s+(only\s+)?[a-z_]+\.|delete\s+from\s)'
    and statement !~ '\m(update\s+(only\s+)?[a-z_]+\.|delete\s+from\s).*\mwhere\M'
$$;

-- TEST
select is_empty(
  $$
    select routine.oid::regprocedure, statement
    from pg_proc as routine, pg_temp.statements_without_where(routine.prosrc) as statement
    where routine.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
  $$,
  'each update and delete says which rows'
);
select results_eq(
  $body$
    select pg_temp.statements_without_where($$
      update public.t set a = 1 where b = 2; -- where
      update public.t set a = 3; insert into public.t values (1) on conflict (a) do update set a = 1;
      perform 1 from public.t for update; delete from public.t;
      with changed as (update public.t set a = 4), other as (select 1 where true) select 1;
    $$)
  $body$,
  $$
    values ('update public.t set a = 3'), ('delete from public.t'),
      ('with changed as (update public.t set a = 4')
  $$,
  'this test knows one that does not'
);

select * from finish();
rollback;
