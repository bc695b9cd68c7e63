begin;
select plan(2);

-- SETUP
create temp table bound as
select
  routine.oid,
  name,
  (
    select nullif(split_part(setting, '=', 2), '')::interval
    from unnest(routine.proconfig) as setting
    where split_part(setting, '=', 1) = name
  ) as time
from pg_proc as routine, unnest('{statement_timeout, lock_timeout}'::text[]) as name
where routine.pronamespace = 'public'::regnamespace and routine.prosecdef;

-- TEST
select is_empty(
  'select oid::regprocedure, name from bound where time is null',
  'each function that the API calls says how long it may take and how long it may wait for a lock'
);
-- The platform gives the API's roles eight seconds for both.
select is_empty(
  $$
    select oid::regprocedure, name, time
    from bound
    where time is not null and (time <= interval '0' or time >= interval '8 seconds')
  $$,
  'and that is less than the platform''s own bound'
);

select * from finish();
rollback;
