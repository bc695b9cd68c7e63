begin;
select plan(3);

-- SETUP
create temp table definer as
select found.*
from pg_proc as found
where found.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace) and found.prosecdef;

-- TEST
select is_empty(
  $$ select oid::regprocedure from definer where proowner <> 'postgres'::regrole $$,
  'what runs with its owner''s rights runs with those of postgres, who is no superuser'
);
select is_empty(
  $$
    select oid::regprocedure
    from definer
    where coalesce(obj_description(oid, 'pg_proc'), '') not like '%Definer: %'
  $$,
  'its comment gives the reason'
);
select is_empty(
  $$ select oid::regprocedure from definer where pronamespace <> 'public'::regnamespace $$,
  'a helper runs with the rights of whoever calls it'
);

select * from finish();
rollback;
