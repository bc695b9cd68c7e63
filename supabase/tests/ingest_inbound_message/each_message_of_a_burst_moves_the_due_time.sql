begin;
select plan(3);

-- SETUP
update public.cc_settings set debounce_ms = 1000, debounce_max_ms = 60000 where id;
create temp table moments as
select clock_timestamp() as before, null::timestamptz as first_due, null::timestamptz as between_both;
select tests.receive('One');
update moments set first_due = (tests.turn('pending')).due_at, between_both = clock_timestamp();
select tests.receive('Two');

-- TEST
select ok(
  (select first_due >= before + interval '1 second' from moments),
  'a turn waits as long as the settings say'
);
select ok(
  (select first_due <= between_both + interval '1 second' from moments),
  'and no longer'
);
select ok(
  (select (tests.turn('pending')).due_at >= between_both + interval '1 second' from moments),
  'the next message lets it wait anew'
);

select * from finish();
rollback;
