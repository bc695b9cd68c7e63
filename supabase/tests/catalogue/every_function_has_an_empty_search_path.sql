begin;
select plan(1);

-- TEST
select is_empty(
  $$
    select routine.oid::regprocedure
    from pg_proc as routine
    where routine.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and routine.prokind <> 'a'
      and not coalesce('search_path=""' = any (routine.proconfig), false)
      and not exists (select from pg_depend where objid = routine.oid and deptype = 'e')
  $$,
  'what a function calls is what it names'
);

select * from finish();
rollback;
