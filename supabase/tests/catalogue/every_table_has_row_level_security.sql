begin;
select plan(2);

-- TEST
select is_empty(
  $$
    select relation.oid::regclass
    from pg_class as relation
    where relation.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and relation.relkind in ('r', 'p')
      and not relation.relrowsecurity
  $$,
  'row level security is on for every table'
);
-- A view shows its owner's rows, whatever the policies of the tables say.
select is_empty(
  $$
    select relation.oid::regclass
    from pg_class as relation
    where relation.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and (
        relation.relkind in ('m', 'f')
        or relation.relkind = 'v' and not coalesce('security_invoker=true' = any (relation.reloptions), false)
      )
  $$,
  'nothing shows rows past it'
);

select * from finish();
rollback;
