begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.hand_over(tests.conversation());
select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 1, array['Dear Maria', 'Bye']);

-- TEST
select results_eq(
  $$
    select event_type from public.cc_audit_logs
    where conversation_id = tests.conversation() and actor_type = 'human' order by id
  $$,
  $$ values ('conversation_handed_over'), ('turn_answered'), ('message_persisted') $$,
  'a person took over, answered the turn, and wrote'
);
select is(
  (tests.event('message_persisted')).output_redacted - 'turn_id',
  '{"kind": "human", "part_count": 2, "body_length": 13}', 'how much, not what'
);
select is((tests.event('message_persisted')).message_id, (tests.outbound(2)).id, 'which message it is');
select is_empty(
  $$
    select metric.name from public.cc_audit_logs as entry, cc_private.metrics_of(entry) as metric
    where entry.id = (tests.event('message_persisted')).id and metric.label = 'inbound'
  $$,
  'it is not counted as a customer''s'
);

select * from finish();
rollback;
