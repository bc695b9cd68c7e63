begin;
select plan(2);

-- TEST
select is_empty(
  $$ select conname from pg_constraint where conrelid = 'public.cc_audit_logs'::regclass and contype = 'f' $$,
  'no reference binds the record to a row'
);
select is_empty(
  $$ select conname from pg_constraint where confrelid = 'public.cc_audit_logs'::regclass $$,
  'nor a row to the record'
);

select * from finish();
rollback;
