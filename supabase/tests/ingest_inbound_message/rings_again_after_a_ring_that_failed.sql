begin;
select plan(5);

-- SETUP
delete from vault.secrets where name in ('orchestrator_url', 'orchestrator_key');
select tests.receive('One');
create temp table failed as select * from tests.turn('pending');

-- TEST
select is((select dispatched_at from failed), null, 'nobody was rung for the turn');
select tests.orchestrator();
create temp table second as select * from tests.receive('Two');
select results_eq(
  $$ select ring ->> 'messageId' from tests.rings() as ring $$, 'select id::text from second',
  'the next message rings for it'
);
select results_eq(
  $$
    select output_redacted ->> 'turn', (output_redacted ->> 'turn_id')::uuid, (output_redacted ->> 'request_id')::bigint
    from tests.event('orchestrator_triggered')
  $$,
  $$ select 'reopened', id, (tests.ring(1)).request_id from failed $$, 'that is recorded'
);
select tests.receive('Three');
select is((select count(*) from tests.rings()), 1::bigint, 'one ring is enough');
select is(
  (tests.event('orchestrator_triggered')).output_redacted ->> 'turn', 'joined', 'the third message only joins'
);

select * from finish();
rollback;
