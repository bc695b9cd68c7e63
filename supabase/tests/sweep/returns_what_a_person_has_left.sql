begin;
select plan(10);

-- SETUP
select tests.orchestrator();
update public.cc_settings set return_to_agent_minutes = 60 where id;
create function pg_temp.acted(ago interval) returns void language sql
as $$
  update public.cc_conversations set person_awaited_since = clock_timestamp() - ago where id = tests.conversation()
$$;
select tests.receive('One');
select public.hand_over(tests.conversation());
select pg_temp.acted('59 minutes');

-- TEST
select is(cc_private.return_to_agent(), 0, 'a person has their time');
select pg_temp.acted('61 minutes');
select tests.receive('Two');
select is(cc_private.return_to_agent(), 1, 'a customer who writes on and on does not give more of it');
select is((tests.event('conversation_handed_back')).actor_type, 'system', 'the system did it');
select is((tests.event('conversation_handed_back')).output_redacted, '{"reason": "left_by_person"}', 'and says why');
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'claimed', 'the agent answers what waits');

select public.send_reply(gen_random_uuid(), tests.conversation(), 9, array['Here I am']);
select pg_temp.acted('61 minutes');
select tests.receive('Three');
select is(cc_private.return_to_agent(), 0, 'the first word after the last answer begins the time anew');
select pg_temp.acted('61 minutes');
select public.send_reply(gen_random_uuid(), tests.conversation(), 9, array['Still here']);
select is(cc_private.return_to_agent(), 0, 'so does a person''s word');

select tests.kill_turn() from public.hand_back(tests.conversation()), tests.receive('Four');
select is(cc_private.return_to_agent(), 0, 'whom a death brings has their time, too');
select pg_temp.acted('61 minutes');
select cc_private.return_to_agent();
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome', 'nothing_pending', 'a dead turn waits on for its replay'
);

select public.hand_over(tests.conversation());
select pg_temp.acted('1 year');
update public.cc_settings set return_to_agent_minutes = null where id;
select is(cc_private.return_to_agent(), 0, 'without the setting never');

select * from finish();
rollback;
