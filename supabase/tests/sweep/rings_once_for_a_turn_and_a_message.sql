begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.reply('Hi');
select tests.receive('And this?');
select tests.due();
select tests.rung(interval '31 seconds');
create temp table rung as select count(*) as times from tests.rings();

-- TEST
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'one ring is for both');
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'and both know of it');

select * from finish();
rollback;
