begin;
select plan(3);

-- SETUP
select tests.orchestrator('not a url');
create temp table message as select * from tests.receive('Hello');

-- TEST
select is((select count(*) from message), 1::bigint, 'the message is stored');
select matches(
  (tests.event('orchestrator_trigger_failed')).error_message,
  'not a url',
  'the record says what was wrong'
);
select is_empty('select tests.rings()', 'nobody is rung');

select * from finish();
rollback;
