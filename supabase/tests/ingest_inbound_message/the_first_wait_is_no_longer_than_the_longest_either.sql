begin;
select plan(1);

-- SETUP
update public.cc_settings set debounce_ms = 9000, debounce_max_ms = 2000 where id;
select tests.receive('One');

-- TEST
select cmp_ok(
  (tests.turn('pending')).due_at,
  '<=',
  clock_timestamp() + interval '2 seconds',
  'a turn never waits longer than debounce_max_ms after it was opened'
);

select * from finish();
rollback;
