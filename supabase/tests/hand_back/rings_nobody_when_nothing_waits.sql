begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.send_reply(gen_random_uuid(), tests.conversation(), 1, array['Yes.']);
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select public.hand_back(tests.conversation());
select is((select count(*) from tests.rings()), (select times from rung), 'the person has answered all');
select tests.receive('Two');
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'the next message rings as ever');

select * from finish();
rollback;
