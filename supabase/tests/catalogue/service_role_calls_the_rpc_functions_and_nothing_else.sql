begin;
select plan(3);

-- SETUP
create temp table routine as
select found.*
from pg_proc as found
where found.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
  and not exists (select from pg_depend where objid = found.oid and deptype = 'e');
-- Without a list of rights everybody may execute a function.
create temp table permission as
select routine.oid::regprocedure as routine, entry.grantee
from routine, aclexplode(coalesce(routine.proacl, acldefault('f', routine.proowner))) as entry
where entry.grantee <> routine.proowner;

-- TEST
select is_empty(
  $$ select routine, grantee::regrole from permission where grantee <> 'service_role'::regrole $$,
  'no function is granted to public, anon, authenticated or any other role'
);
select set_eq(
  'select routine from permission',
  $$
    select oid::regprocedure
    from routine
    where pronamespace = 'public'::regnamespace and prosecdef
  $$,
  'service_role is granted exactly the public definers'
);
select is_empty(
  $$
    select routine.oid::regprocedure, role
    from routine, unnest('{anon, authenticated}'::name[]) as role
    where has_function_privilege(role, routine.oid, 'execute')
  $$,
  'anon and authenticated may execute none, also not by way of another role'
);

select * from finish();
rollback;
