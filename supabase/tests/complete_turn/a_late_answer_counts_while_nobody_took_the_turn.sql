begin;
select plan(1);

-- SETUP
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();

-- TEST
select is(
  public.complete_turn((tests.turn('running')).id, 1, array['Hi']) ->> 'outcome',
  'answered',
  'the newest holder may finish the turn, also when its lease has just ended'
);

select * from finish();
rollback;
