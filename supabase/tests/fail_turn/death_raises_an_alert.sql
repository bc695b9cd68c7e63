begin;
select plan(3);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.alerts();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;

-- TEST
select is(
  tests.alert('turn_died'),
  (select 'turn ' || id || ' died after 1 failures (model_down); replay it when the cause is mended' from dead),
  'the operator hears which turn to replay'
);
select is(
  (select count(*) from tests.requests_to('http://alerts.test/hook')), 1::bigint, 'by a request'
);
-- The alert is the least part of it.
delete from vault.secrets where name = 'alert_url';
select tests.receive('And this?');
select tests.kill_turn();
select is(
  (select count(*) from public.cc_turns where conversation_id = tests.conversation() and state = 'dead'),
  2::bigint, 'without a receiver turns die all the same'
);

select * from finish();
rollback;
