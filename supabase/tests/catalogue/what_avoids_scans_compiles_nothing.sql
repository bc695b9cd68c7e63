begin;
select plan(2);

-- SETUP
create temp table avoiding as
select oid, proconfig
from pg_proc
where pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
  and 'enable_seqscan=off' = any (proconfig);

-- TEST
select isnt_empty($$ select from avoiding $$, 'some functions avoid sequential scans');
select is_empty(
  $$ select oid::regprocedure from avoiding where not 'jit=off' = any (proconfig) $$,
  'where one is made after all, it counts as dear enough for jit, which would compile it at each call'
);

select * from finish();
rollback;
