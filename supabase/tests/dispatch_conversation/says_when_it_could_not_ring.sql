begin;
select plan(2);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
delete from vault.secrets where name = 'orchestrator_key';

-- TEST
select is(
  public.dispatch_conversation(tests.conversation()),
  '{"outcome": "failed"}',
  'a ring that fails is an answer, not an error'
);
select results_eq(
  $$ select error_code, error_message from tests.event('orchestrator_trigger_failed') $$,
  $$ values ('SB002', 'Cannot read secret "orchestrator_key": it is not in Vault') $$,
  'the record says why'
);

select * from finish();
rollback;
