begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select public.fail_turn(
  (tests.turn('running')).id, 1, 'content_refused', 'Refused: "Hello" from ' || tests.customer(), true
);
create temp table facts as
select jsonb_build_object('turn_id', (tests.turn('dead')).id, 'failure_count', 1) as shared;

-- TEST
select is(
  (tests.events())[4:],
  '{turn_claimed, turn_failed, turn_died, conversation_handed_over}',
  'first the failure, then the death, then what it brings'
);
select results_eq(
  $$ select actor_type, success, error_code, error_message, output_redacted from tests.event('turn_failed') $$,
  $$ select 'agent', false, 'content_refused', null, shared || '{"attempt": 1}' from facts $$,
  'the failure has its code and no more'
);
select results_eq(
  $$ select actor_type, success, error_code, error_message, output_redacted from tests.event('turn_died') $$,
  $$ select 'system', false, 'content_refused', null, shared from facts $$,
  'so has the death'
);
select matches(
  (tests.turn('dead')).last_error_message, 'Refused',
  'the vendor''s words stay with the turn'
);

select * from finish();
rollback;
