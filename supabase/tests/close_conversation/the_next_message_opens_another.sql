begin;
select plan(5);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.hand_over(tests.conversation());
select public.send_reply(gen_random_uuid(), tests.conversation(), 1, array['Yes.']);
select public.record_send((public.claim_send(tests.conversation()) ->> 'message_id')::uuid, 1, 'handed_over', tests.next_sid());
select public.record_send((public.claim_send(tests.conversation()) ->> 'message_id')::uuid, 1, 'handed_over', tests.next_sid());
create temp table old as select tests.conversation() as id;
select public.close_conversation(id) from old;

-- TEST
select results_eq(
  $$
    select event_type, actor_type, output_redacted from public.cc_audit_logs, old
    where conversation_id = old.id order by cc_audit_logs.id desc limit 1
  $$,
  $$ values ('conversation_closed', 'human', '{"reason": "by_hand"}'::jsonb) $$, 'the closing is on record'
);
select is((select handler from public.cc_conversations, old where cc_conversations.id = old.id), 'agent', 'no person is kept');
select tests.receive('Me again');
select isnt(tests.conversation(), (select id from old), 'a new conversation');
select is((select handler from public.cc_conversations where id = tests.conversation()), 'agent', 'of the agent');
select is((tests.turn('pending')).due_at > now(), true, 'with a turn that is due');

select * from finish();
rollback;
