begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');

-- TEST
select is(
  public.dispatch_conversation(tests.conversation()),
  '{"outcome": "dispatched"}',
  'a retrying turn waits as well'
);
select is(
  (tests.event('orchestrator_triggered')).output_redacted ->> 'turn_id',
  (tests.turn('retrying')).id::text,
  'it is the one that the record names'
);

select * from finish();
rollback;
