begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, silent_reason => 'nothing_to_say');

-- TEST
select is(
  public.dispatch_conversation(tests.conversation()),
  '{"outcome": "nothing_pending"}',
  'after the answer there is nobody to ring for'
);
select is((select count(*) from tests.rings()), 1::bigint, 'the message''s own ring stays the only one');
select is(
  public.dispatch_conversation('00000000-0000-4000-8000-000000000000'),
  '{"outcome": "nothing_pending"}',
  'nor is there in a conversation that is not there'
);

select * from finish();
rollback;
