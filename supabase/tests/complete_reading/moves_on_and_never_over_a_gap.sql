begin;
select plan(5);

-- SETUP
update public.cc_settings set business_addresses = array['+15005550100'], sync_since = now() - interval '1 day' where id;
select public.begin_sync();
create function pg_temp.read(read_from interval, read_until interval, is_last boolean default false) returns text
language sql
as $$
  select public.complete_reading('+15005550100', 'inbound', now() - read_from, now() - read_until, is_last) ->> 'outcome'
$$;
create function pg_temp.cursor() returns cc_private.sync_cursors language sql
as $$ select reading from cc_private.sync_cursors as reading where reading.direction = 'inbound' $$;

-- TEST
select pg_temp.read('12 hours', '6 hours');
select is((pg_temp.cursor()).read_until, null, 'what lies before was not read');
select pg_temp.read('1 day', '12 hours');
select is((pg_temp.cursor()).read_until, now() - interval '12 hours', 'from the installation on it counts');
select pg_temp.read('13 hours', '1 hour', true);
select is((pg_temp.cursor()).read_until, now() - interval '1 hour', 'with an overlap it goes on');
select pg_temp.read('1 day', '2 hours');
select is((pg_temp.cursor()).read_until, now() - interval '1 hour', 'it never goes back');
select ok((pg_temp.cursor()).completed_at is not null, 'a reading that came to its end is noted');

select * from finish();
rollback;
