begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();
select public.claim_turn(tests.conversation());
create temp table turn as select (tests.turn('retrying')).id;

-- TEST
select is(
  public.complete_turn((select id from turn), 1, array['Hi']),
  '{"outcome": "lease_lost"}',
  'a worker whose lease was taken away cannot answer'
);
select tests.claim();
select is(
  public.complete_turn((select id from turn), 1, array['Hi']),
  '{"outcome": "lease_lost"}',
  'nor when somebody else has the turn'
);
select is(
  public.complete_turn((select id from turn), 2, array['Hello']) ->> 'outcome',
  'answered',
  'who can'
);

select * from finish();
rollback;
