begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');

-- TEST
select is(
  public.fail_turn((tests.turn('retrying')).id, 1, 'model_down'),
  '{"outcome": "lease_lost"}',
  'a failure counts once, however often it is told'
);
select tests.claim();
select is(
  public.fail_turn((tests.turn('running')).id, 1, 'model_down'),
  '{"outcome": "lease_lost"}',
  'the worker before cannot fail the turn of the worker after'
);
select is((tests.turn('running')).failure_count, 1, 'one failure is counted');

select * from finish();
rollback;
