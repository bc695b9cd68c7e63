begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, '{}', 'handed_over');
update public.cc_conversations set handler = 'human' where id = tests.conversation();
select tests.receive('Two');
update public.cc_turns set dispatched_at = null where id = (tests.turn('pending')).id;
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times from rung), 'no agent is called for it');
select is((tests.turn('pending')).dispatched_at, null, 'the turn waits for the person');

select * from finish();
rollback;
