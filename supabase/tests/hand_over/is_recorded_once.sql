begin;
select plan(5);

-- SETUP
select tests.alerts();
select tests.receive('My name is Maria');

-- TEST
select public.hand_over(tests.conversation(), 'complaint');
select is((tests.event('conversation_handed_over')).actor_type, 'human', 'a person did it');
select is(
  (tests.event('conversation_handed_over')).output_redacted, '{"reason": "complaint", "message_count": 1}',
  'why, and how much waits'
);
select is(public.hand_over(tests.conversation()), '{"outcome": "already_handed_over"}', 'once is enough');
select is(
  (select count(*) from public.cc_audit_logs where event_type = 'conversation_handed_over' and conversation_id = tests.conversation()),
  1::bigint, 'for the record too'
);
select is(public.hand_over(gen_random_uuid()), '{"outcome": "not_found"}', 'a stranger is not found');

select * from finish();
rollback;
