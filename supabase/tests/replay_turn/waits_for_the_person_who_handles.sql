begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;
select public.claim_send(tests.conversation());
select public.record_send((tests.outbound(1)).id, 1, 'handed_over', tests.next_sid());
select public.replay_turn(id) from dead;

-- TEST
select isnt(tests.turn('pending'), null, 'the messages wait again');
select is((tests.turn('pending')).due_at, null, 'for the person, without a due time');
select tests.rung('1 hour');
create temp table rung as select count(*) as times from tests.rings();
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times from rung), 'the sweep calls no agent');

select * from finish();
rollback;
