begin;
select plan(4);

-- SETUP
update public.cc_settings
set business_addresses = array['whatsapp:+15005550100', '+15005550100', ''], sync_since = now() - interval '1 day'
where id;
create temp table plan as select public.begin_sync() as said;

-- TEST
select is(jsonb_array_length(said -> 'readings'), 4, 'each in both directions') from plan;
select is(said #>> '{readings, 0, direction}', 'inbound', 'customers first') from plan;
select is(
  (said #>> '{readings, 0, read_from}')::timestamptz, now() - interval '1 day', 'from the installation on'
) from plan;
select is(
  jsonb_array_length(public.begin_sync(now() - interval '1 year') -> 'readings'), 4, 'and by hand as well'
);

select * from finish();
rollback;
