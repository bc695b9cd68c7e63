begin;
select plan(2);

-- SETUP
update public.cc_settings set lease_seconds = 45 where id;
select tests.receive('One');
create temp table claim as select tests.claim() as answer;

-- TEST
select ok(
  (select (answer ->> 'lease_ms')::numeric between 44000 and 45000 from claim),
  'the lease lasts as long as the settings say, and the worker is told'
);
update public.cc_turns
set lease_until = clock_timestamp() + interval '1 second'
where id = (tests.turn('running')).id;
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'busy',
  'and holds to its end'
);

select * from finish();
rollback;
