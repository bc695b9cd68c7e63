begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select tests.claim();
create temp table second as select * from tests.receive('Two');

-- TEST
select is((select turn_id from second), (tests.turn('pending')).id, 'it waits in a turn of its own');
select isnt((tests.turn('running')).id, (tests.turn('pending')).id, 'which is not the one in work');
select is(
  (select count(*) from public.cc_messages where turn_id = (tests.turn('running')).id),
  1::bigint,
  'the turn in work keeps the messages it was claimed with'
);
select is((select count(*) from tests.rings()), 2::bigint, 'the orchestrator was rung again');

select * from finish();
rollback;
