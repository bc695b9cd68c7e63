begin;
select plan(2);

-- SETUP
select tests.receive('One');
update public.cc_conversations set handler = 'human' where id = tests.conversation();

-- TEST
select is(tests.claim(), '{"outcome": "human_handles"}', 'the agent is told that a person handles it');
select is((tests.turn('pending')).attempt, 0, 'and the turn waits');

select * from finish();
rollback;
