begin;
select plan(2);

-- SETUP
update public.cc_settings
set customer_burst_messages = 1, customer_messages_per_minute = 1, debounce_ms = 1000, debounce_max_ms = 5000
where id;
select tests.receive('One');
select tests.claim();

-- TEST
select tests.receive('Two');
select cmp_ok(
  (tests.turn('pending')).due_at, '>', clock_timestamp() + interval '55 seconds',
  'the longest wait of a burst does not shorten that of the limit'
);
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome', 'busy', 'the turn in work goes on'
);

select * from finish();
rollback;
