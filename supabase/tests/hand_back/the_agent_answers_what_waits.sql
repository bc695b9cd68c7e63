begin;
select plan(7);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.hand_over(tests.conversation());
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select is(public.hand_back(tests.conversation()), '{"outcome": "handed_back"}', 'the agent handles again');
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'and is rung');
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'claimed', 'what waits is due at once');
select is((tests.event('conversation_handed_back')).actor_type, 'human', 'a person did it');
select is(public.hand_back(tests.conversation()), '{"outcome": "already_handed_back"}', 'once is enough');
select is(public.hand_back(gen_random_uuid()), '{"outcome": "not_found"}', 'a stranger is not found');
select is(
  (select count(*) from public.cc_audit_logs where event_type = 'conversation_handed_back' and conversation_id = tests.conversation()),
  1::bigint, 'on record once'
);

select * from finish();
rollback;
