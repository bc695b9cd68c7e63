begin;
select plan(3);

-- SETUP
update public.cc_settings set uncertain_alert_minutes = 15 where id;
create function pg_temp.troubles() returns setof text language sql
as $$ select kind from cc_private.troubles() where kind = 'sends_uncertain' $$;

-- TEST
create temp table doubt as select tests.uncertain_send('Hi', interval '14 minutes') as id;
select is_empty('select pg_temp.troubles()', 'not yet');
update public.cc_messages set send_lease_until = clock_timestamp() - interval '16 minutes'
where id = (select id from doubt);
select isnt_empty('select pg_temp.troubles()', 'for longer than uncertain_alert_minutes');
select public.record_delivery_status(tests.next_sid(), 'sent', id) from doubt;
select is_empty('select pg_temp.troubles()', 'until it is settled');

select * from finish();
rollback;
