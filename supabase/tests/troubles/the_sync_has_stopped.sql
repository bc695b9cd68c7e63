begin;
select plan(5);

-- SETUP
create function pg_temp.stopped() returns text language sql
as $$ select text from cc_private.troubles() where kind = 'sync_stopped' $$;
update public.cc_settings set business_addresses = array['+15005550100'], sync_since = now() - interval '1 day' where id;
select tests.sync();
select cc_private.ring_reading();

-- TEST
select is(pg_temp.stopped(), null, 'it has time for its first reading');
update cc_private.sync_cursors set created_at = now() - interval '16 minutes' where business_address <> '';
select ok(pg_temp.stopped() is not null, 'which did not come');
select public.complete_reading('+15005550100', side, now() - interval '1 day', now(), true)
from unnest(array['inbound', 'outbound']) as side;
select is(pg_temp.stopped(), null, 'now it did');
update cc_private.sync_cursors set completed_at = now() - interval '16 minutes' where direction = 'outbound';
select ok(pg_temp.stopped() is not null, 'both directions count');
update public.cc_settings set business_addresses = '{}' where id;
select is(pg_temp.stopped(), null, 'an address that is no longer ours is not waited for');

select * from finish();
rollback;
