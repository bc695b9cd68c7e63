begin;
select plan(4);

-- TEST
select is(
  (select count(*) from demo_bank.customers), 0::bigint, 'a new installation has no invented customers'
);
select is_empty(
  $$
    select relation.relname
    from pg_class as relation
    where relation.relnamespace = 'demo_bank'::regnamespace and relation.relkind = 'r'
      and (
        not relation.relrowsecurity
        or obj_description(relation.oid, 'pg_class') is null
        or (select count(*) from pg_policy where polrelid = relation.oid) <> 1
        or has_table_privilege('anon', relation.oid, 'select, insert, update, delete')
        or has_table_privilege('authenticated', relation.oid, 'select, insert, update, delete')
        or has_table_privilege('service_role', relation.oid, 'select, insert, update, delete')
      )
  $$,
  'its tables are closed, and say what they hold'
);
select is_empty(
  $$
    select routine.oid::regprocedure
    from pg_proc as routine
    where routine.pronamespace = 'demo_bank'::regnamespace
      and (
        obj_description(routine.oid, 'pg_proc') is null
        or not coalesce('search_path=""' = any (routine.proconfig), false)
        or has_function_privilege('service_role', routine.oid, 'execute')
        or has_function_privilege('anon', routine.oid, 'execute')
      )
  $$,
  'so are its functions'
);
select is_empty(
  $$
    select role from unnest('{anon, authenticated, service_role}'::name[]) as role
    where has_schema_privilege(role, 'demo_bank', 'usage')
  $$,
  'nobody but its owner enters the schema'
);

select * from finish();
rollback;
