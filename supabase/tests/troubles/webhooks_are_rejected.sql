begin;
select plan(3);

-- SETUP
create function pg_temp.troubles() returns setof text language sql
as $$ select kind from cc_private.troubles() where kind = 'webhooks_rejected' $$;

-- TEST
select is_empty('select pg_temp.troubles()', 'all are understood');
select public.record_rejected_webhook('from_missing', '{}', 'signature of tests');
select isnt_empty('select pg_temp.troubles()', 'one is not');
update public.cc_rejected_webhooks set created_at = clock_timestamp() - interval '11 minutes'
where signature = 'signature of tests';
select is_empty('select pg_temp.troubles()', 'ten minutes ago is over');

select * from finish();
rollback;
