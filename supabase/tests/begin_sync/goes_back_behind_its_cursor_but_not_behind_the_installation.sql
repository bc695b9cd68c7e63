begin;
select plan(4);

-- SETUP
update public.cc_settings
set business_addresses = array['+15005550100'], sync_since = now() - interval '1 day',
  sync_overlap_minutes = 30, sync_min_age_seconds = 120
where id;
select public.begin_sync();
select public.complete_reading('+15005550100', 'inbound', now() - interval '1 day', now() - interval '1 hour', true);
create function pg_temp.inbound(since timestamptz default null) returns jsonb language sql
as $$ select public.begin_sync(since) #> '{readings, 0}' $$;

-- TEST
select is((pg_temp.inbound() ->> 'read_from')::timestamptz, now() - interval '90 minutes', 'windows overlap');
select ok(
  (pg_temp.inbound() ->> 'read_until')::timestamptz between
    clock_timestamp() - interval '121 seconds' and clock_timestamp() - interval '119 seconds',
  'nothing is read that is younger than sync_min_age_seconds'
);
select is(
  (pg_temp.inbound(now() - interval '2 hours') ->> 'read_from')::timestamptz, now() - interval '2 hours',
  'by hand it goes back as far as it is told'
);
select is(
  (pg_temp.inbound(now() - interval '2 days') ->> 'read_from')::timestamptz, now() - interval '1 day',
  'and never behind sync_since'
);

select * from finish();
rollback;
