begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello', name => 'Ana');
create temp table first as select (tests.turn('pending')).*;

-- TEST
select is(
  public.dispatch_conversation(tests.conversation()),
  '{"outcome": "dispatched"}',
  'the orchestrator is rung for a conversation'
);
select results_eq(
  $$ select ring ->> 'conversationId', ring ->> 'messageId' from tests.rings() as ring offset 1 $$,
  $$ values (tests.conversation()::text, null) $$,
  'once more, for no message in particular'
);
select cmp_ok(
  (tests.turn('pending')).dispatched_at, '>', (select dispatched_at from first),
  'the turn knows of the new ring'
);
select is(
  (tests.event('orchestrator_triggered')).output_redacted,
  jsonb_build_object('turn_id', (tests.turn('pending')).id, 'request_id', (tests.ring(2)).request_id),
  'and so does the record'
);

select * from finish();
rollback;
