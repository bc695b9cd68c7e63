begin;
select plan(2);

-- SETUP
create temp table routine as
select found.oid, found.proname, found.pronamespace::regnamespace::text as schema, found.provolatile,
  regexp_replace(lower(found.prosrc), $re$--[^\n]*$re$, '', 'g') as body
from pg_proc as found
where found.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace) and found.prokind = 'f';

-- TEST
select is_empty(
  $$
    select oid::regprocedure
    from routine
    where provolatile <> 'v'
      and body ~ (
        '\m(insert\s+into|update\s+(only\s+)?[a-z_]+\.|delete\s+from|for\s+(no\s+key\s+)?(update|share)'
        '|nextval|setval|clock_timestamp|random|net\.)'
      )
  $$,
  'what writes, locks or reads the clock says that it is volatile'
);
select is_empty(
  $$
    select caller.oid::regprocedure, callee.oid::regprocedure
    from routine as caller, routine as callee
    where caller.provolatile <> 'v'
      and callee.provolatile = 'v'
      and caller.body ~ ('\m' || callee.schema || '\.' || callee.proname || '\s*\(')
  $$,
  'and so does what calls it'
);

select * from finish();
rollback;
