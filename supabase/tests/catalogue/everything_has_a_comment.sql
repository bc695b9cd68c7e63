begin;
select plan(4);

-- TEST
select is_empty(
  $$
    select relation.oid::regclass
    from pg_class as relation
    where relation.relnamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and relation.relkind in ('r', 'p', 'v', 'm', 'f')
      and obj_description(relation.oid, 'pg_class') is null
  $$,
  'each table says what it holds'
);
select is_empty(
  $$
    select routine.oid::regprocedure
    from pg_proc as routine
    where routine.pronamespace in ('public'::regnamespace, 'cc_private'::regnamespace)
      and obj_description(routine.oid, 'pg_proc') is null
  $$,
  'each function says what it promises'
);
select isnt(obj_description('cc_private'::regnamespace, 'pg_namespace'), null, 'the schema says what it is for');
select is_empty(
  $$
    select attribute.attname
    from pg_attribute as attribute
    where attribute.attrelid = 'public.cc_settings'::regclass
      and attribute.attnum > 0 and not attribute.attisdropped
      and attribute.attname not in ('id', 'updated_at')
      and col_description(attribute.attrelid, attribute.attnum) is null
  $$,
  'each setting says what it changes, and in which unit'
);

select * from finish();
rollback;
