begin;
select plan(4);

-- SETUP
select tests.orchestrator();
create temp table message as select * from tests.receive('Hello');

-- TEST
select is(
  tests.events(),
  '{inbound_webhook_received, message_persisted, orchestrator_triggered}',
  'received, stored, rung'
);
select results_eq(
  $$
    select actor_type, message_id, input_redacted, output_redacted
    from tests.event('inbound_webhook_received')
  $$,
  $$
    select 'provider', id, jsonb_build_object(
      'provider', 'twilio', 'message_sid', provider_message_id, 'kind', 'text',
      'body_length', 5, 'media_count', 0
    ), '{}'::jsonb
    from message
  $$,
  'the first says what came'
);
select results_eq(
  $$ select actor_type, message_id, output_redacted from tests.event('message_persisted') $$,
  $$ select 'system', id, jsonb_build_object('seq', 1, 'turn_id', turn_id) from message $$,
  'the second where it went'
);
select results_eq(
  $$ select actor_type, message_id, output_redacted from tests.event('orchestrator_triggered') $$,
  $$
    select 'system', id, jsonb_build_object(
      'turn_id', turn_id, 'turn', 'opened', 'request_id', (tests.ring(1)).request_id
    )
    from message
  $$,
  'the third who was rung for it'
);

select * from finish();
rollback;
