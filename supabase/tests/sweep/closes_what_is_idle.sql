begin;
select plan(9);

-- SETUP
select tests.orchestrator();
update public.cc_settings set close_after_minutes = 60 where id;
create function pg_temp.written(ago interval) returns void language sql
as $$
  update public.cc_conversations
  set updated_at = clock_timestamp() - ago, last_inbound_at = clock_timestamp() - ago,
    person_awaited_since = null, idle_check_at = clock_timestamp() - interval '1 second'
  where status = 'active' and customer_id = (
    select customer_id from public.cc_conversations where id = tests.conversation()
  )
$$;
select tests.reply('Hi');
create temp table old as select tests.conversation() as id;
select public.record_send((public.claim_send(id) ->> 'message_id')::uuid, 1, 'handed_over', tests.next_sid()) from old;

-- TEST
select is(cc_private.close_idle(), 0, 'nobody looks yet');
select pg_temp.written('50 minutes');
select is(cc_private.close_idle(), 0, 'it is not idle for long');
select is(
  (select round(extract(epoch from idle_check_at - clock_timestamp()) / 60) from public.cc_conversations, old where cc_conversations.id = old.id),
  10::numeric, 'and is looked at again when it may be'
);
select pg_temp.written('61 minutes');
select public.hand_over(id) from old;
update public.cc_settings set close_after_minutes = null where id;
select is(cc_private.close_idle(), 0, 'without the setting never');
update public.cc_settings set close_after_minutes = 60 where id;
select pg_temp.written('61 minutes');
select is(cc_private.close_idle(), 0, 'the text of the hand-over has not left');
select public.record_send((public.claim_send(id) ->> 'message_id')::uuid, 1, 'handed_over', tests.next_sid()) from old;
select pg_temp.written('61 minutes');
select is(cc_private.close_idle(), 1, 'then it is closed');
select is((select status || ' ' || handler from public.cc_conversations, old where cc_conversations.id = old.id), 'closed agent', 'for good');
select results_eq(
  $$
    select actor_type, output_redacted from public.cc_audit_logs, old
    where conversation_id = old.id and event_type = 'conversation_closed'
  $$,
  $$ values ('system', '{"reason": "idle"}'::jsonb) $$, 'which is on record'
);
select tests.receive('Hello again');
select isnt(tests.conversation(), (select id from old), 'the next message opens another');

select * from finish();
rollback;
