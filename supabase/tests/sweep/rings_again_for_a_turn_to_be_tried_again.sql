begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 1, 'model_down');
select tests.rung(interval '31 seconds');

-- TEST
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 1::bigint, 'not before its time');
select tests.due();
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 2::bigint, 'then it is');

select * from finish();
rollback;
