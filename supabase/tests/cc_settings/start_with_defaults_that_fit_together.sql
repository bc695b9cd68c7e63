begin;
select plan(2);

-- SETUP
delete from public.cc_settings where id;
insert into public.cc_settings default values;
create temp table defaults as select * from public.cc_settings;

-- TEST
select results_eq(
  $$
    select debounce_ms, debounce_max_ms, lease_seconds, max_failures, backoff_base_ms, backoff_max_ms,
      send_lease_seconds, history_messages, retention_days
    from defaults
  $$,
  $$ values (1000, 5000, 60, 5, 2000, 300000, 30, 20, null::integer) $$,
  'a new installation waits, leases and retries'
);
select ok(
  (select debounce_ms <= debounce_max_ms and backoff_base_ms <= backoff_max_ms from defaults),
  'what is longest is longest'
);

select * from finish();
rollback;
