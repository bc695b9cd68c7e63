begin;
select plan(9);

-- SETUP
-- As merging two customers leaves it: closed for new messages, with work in it.
select tests.orchestrator();
select tests.receive('One');
create temp table old as select tests.conversation() as id;
select tests.close(id) from old;

-- TEST
select is((select tests.claim(id) ->> 'outcome' from old), 'claimed', 'a turn is claimed');
select is((select public.hand_over(id) ->> 'outcome' from old), 'handed_over', 'a person takes over');
select is(
  (select public.send_reply('00000000-0000-4000-8000-000000000001', id, 1, array['Yes.']) ->> 'outcome' from old),
  'stored', 'a person answers'
);
select is((select public.claim_send(id) ->> 'outcome' from old), 'claimed', 'a message leaves');
update public.cc_turns set state = 'pending', finished_at = null
where state = 'answered' and conversation_id = (select id from old);
update public.cc_conversations set person_awaited_since = now() - interval '13 hours' where id = (select id from old);
select is(cc_private.return_to_agent(), 1, 'the sweep gives it back');
select is((select public.hand_back(id) ->> 'outcome' from old), 'already_handed_back', 'a person does too');
select tests.rung('1 hour', id) from old;
select is(cc_private.dispatch_due(), 1, 'the sweep rings for it');
select is((select public.close_conversation(id) ->> 'outcome' from old), 'already_closed', 'it is closed all the time');
select is(cc_private.close_idle(), 0, 'and not again');

select * from finish();
rollback;
