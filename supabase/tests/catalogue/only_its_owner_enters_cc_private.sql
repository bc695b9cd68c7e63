begin;
select plan(2);

-- TEST
select is_empty(
  $$
    select entry.grantee::regrole, entry.privilege_type
    from pg_namespace as namespace, aclexplode(namespace.nspacl) as entry
    where namespace.nspname = 'cc_private' and entry.grantee <> namespace.nspowner
  $$,
  'no role may use the schema or create in it'
);
select is_empty(
  $$
    select role, privilege
    from unnest('{anon, authenticated, service_role}'::name[]) as role,
      unnest('{usage, create}'::text[]) as privilege
    where has_schema_privilege(role, 'cc_private', privilege)
  $$,
  'also not by way of another role'
);

select * from finish();
rollback;
