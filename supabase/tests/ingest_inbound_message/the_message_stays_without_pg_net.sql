begin;
select plan(3);

-- SETUP
select tests.orchestrator();
set local client_min_messages = warning;
drop extension pg_net cascade;
create temp table message as select * from tests.receive('Hello');

-- TEST
select is((select count(*) from message), 1::bigint, 'the message is stored');
select is(
  (tests.event('orchestrator_trigger_failed')).error_code,
  '3F000',
  'the record says that pg_net''s schema is missing'
);
select is(
  tests.claim() ->> 'outcome',
  'claimed',
  'its turn is there for whoever comes'
);

select * from finish();
rollback;
