begin;
select plan(3);

-- SETUP
update public.cc_settings set retention_days = 30, hand_over_dead_turns = false where id;
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;
update public.cc_messages set send_state = 'handed_over', provider_message_id = tests.next_sid(), send_due_at = null
where conversation_id = tests.conversation() and direction = 'outbound';
update public.cc_messages set created_at = now() - interval '31 days' where conversation_id = tests.conversation();
select cc_private.remove_expired();

-- TEST
select is(public.replay_turn(id) ->> 'outcome', 'erased', 'a dead turn without words is not replayed') from dead;
select is((select last_error_message from public.cc_turns where id = dead.id), null, 'it has no error text') from dead;
select tests.receive('Are you there?');
select is(tests.claim() -> 'history', '[]', 'and the agent is given no empty messages');

select * from finish();
rollback;
