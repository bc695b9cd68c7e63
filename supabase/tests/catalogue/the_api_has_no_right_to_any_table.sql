begin;
select plan(3);

-- SETUP
create temp table relation as
select found.*
from pg_class as found
where found.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
  and found.relkind in ('r', 'p', 'v', 'm', 'f', 'S');

-- TEST
-- Without a list of rights the owner alone has them.
select is_empty(
  $$
    select relation.relname, entry.grantee::regrole, entry.privilege_type
    from relation, aclexplode(relation.relacl) as entry
    where relation.relkind <> 'S' and entry.grantee <> relation.relowner
  $$,
  'no table is granted to anybody'
);
select is_empty(
  $$
    select relation.relname, entry.grantee::regrole, entry.privilege_type
    from relation, aclexplode(relation.relacl) as entry
    where relation.relkind = 'S' and entry.grantee <> relation.relowner
  $$,
  'nor is any sequence'
);
select is_empty(
  $$
    select relation.relname, attribute.attname, entry.grantee::regrole, entry.privilege_type
    from relation
    join pg_attribute as attribute on attribute.attrelid = relation.oid,
      aclexplode(attribute.attacl) as entry
    where entry.grantee <> relation.relowner
  $$,
  'nor any column'
);

select * from finish();
rollback;
