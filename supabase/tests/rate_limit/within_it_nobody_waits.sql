begin;
select plan(3);

-- SETUP
update public.cc_settings set customer_burst_messages = 3, customer_messages_per_minute = 6 where id;
select tests.receive('One'), tests.receive('Two'), tests.receive('Three');

-- TEST
select is_empty(
  $$ select from unnest(tests.events()) as event where event = 'customer_rate_limited' $$,
  'a burst is allowed'
);
select cmp_ok(
  (tests.turn('pending')).due_at, '<=', clock_timestamp() + interval '1 second', 'its turn is due soon'
);
select is(tests.outbound(1), null, 'nothing is said about it');

select * from finish();
rollback;
