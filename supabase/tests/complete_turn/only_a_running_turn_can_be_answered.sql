begin;
select plan(3);

-- SETUP
select tests.receive('Hello');

-- TEST
select is(
  public.complete_turn((tests.turn('pending')).id, 0, array['Hi']),
  '{"outcome": "lease_lost"}',
  'a turn that nobody claimed has no answer'
);
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'nonsense', is_final => true);
select is(
  public.complete_turn((tests.turn('dead')).id, 1, array['Hi']),
  '{"outcome": "lease_lost"}',
  'nor has a dead one'
);
select is(
  public.complete_turn('00000000-0000-4000-8000-000000000000', 1, array['Hi']),
  '{"outcome": "lease_lost"}',
  'nor one that is not there'
);

select * from finish();
rollback;
