begin;
select plan(3);

-- SETUP
delete from vault.secrets where name in ('orchestrator_url', 'orchestrator_key');
create temp table message as select * from tests.receive('Hello');

-- TEST
select is((select count(*) from message), 1::bigint, 'the message is stored');
select results_eq(
  $$ select success, error_code, error_message from tests.event('orchestrator_trigger_failed') $$,
  $$ values (false, 'SB002', 'Cannot read secret "orchestrator_url": it is not in Vault') $$,
  'the record says which secret is missing'
);
select is(
  (tests.turn('pending')).id, (select turn_id from message),
  'its turn waits for the sweep'
);

select * from finish();
rollback;
