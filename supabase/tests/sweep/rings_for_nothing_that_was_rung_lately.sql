begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.due();

-- TEST
select tests.rung(interval '29 seconds');
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 1::bigint, 'redispatch_seconds have not passed');
update public.cc_settings set redispatch_seconds = 10 where id;
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 2::bigint, 'they are a setting');
update public.cc_turns set dispatched_at = null where id = (tests.turn('pending')).id;
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 3::bigint, 'a ring that failed at once is rung again at once');

select * from finish();
rollback;
