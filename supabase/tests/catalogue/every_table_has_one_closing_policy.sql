begin;
select plan(2);

-- TEST
select is_empty(
  $$
    select relation.oid::regclass, count(policy.oid)
    from pg_class as relation
    left join pg_policy as policy on policy.polrelid = relation.oid
    where relation.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and relation.relkind in ('r', 'p')
    group by relation.oid
    having count(policy.oid) <> 1
  $$,
  'each table has exactly one policy, also those that the API does not reach'
);
select is_empty(
  $$
    select policy.polrelid::regclass, policy.polname
    from pg_policy as policy
    join pg_class as relation on relation.oid = policy.polrelid
    where relation.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and (
        not policy.polpermissive
        or policy.polcmd <> '*'
        or not policy.polroles @> array['anon'::regrole, 'authenticated'::regrole]::oid[]
        or cardinality(policy.polroles) <> 2
        or pg_get_expr(policy.polqual, policy.polrelid) is distinct from 'false'
        or pg_get_expr(policy.polwithcheck, policy.polrelid) <> 'false'
      )
  $$,
  'which shows anon and authenticated nothing and lets them write nothing'
);

select * from finish();
rollback;
