begin;
select plan(4);

-- SETUP
select tests.receive('Block my card');
select tests.claim();
select public.begin_tool_call((tests.turn('running')).id, 1, 'block_card', '{"card": "Maria''s"}');
select public.complete_turn((tests.turn('running')).id, 1, '{Done}', work => '{
  "agent": "openai", "summary": {"text": "Maria lost it.", "up_to_seq": 1}
}');
select tests.receive('Is it blocked?');
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
update public.cc_messages set created_at = now() - interval '31 days'
where conversation_id = tests.conversation() and seq = 1;
update public.cc_settings set retention_days = 30 where id;
create temp table claim as select tests.claim() as answer;
select cc_private.remove_expired();

-- TEST
select is_empty('select from public.cc_tool_calls', 'the calls of tools that a removed message led to');
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), null,
  'the summary that tells of it'
);
select public.fail_turn((tests.turn('running')).id, 1, 'model_timeout', work => '{
  "agent": "openai", "summary": {"text": "Maria lost it.", "up_to_seq": 2}
}');
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), null,
  'it does not come back from an agent that was at work'
);
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 2, '{Yes}', work => '{
  "agent": "openai", "summary": {"text": "They ask whether it is blocked.", "up_to_seq": 3}
}');
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), 'They ask whether it is blocked.',
  'a later one is kept'
);

select * from finish();
rollback;
