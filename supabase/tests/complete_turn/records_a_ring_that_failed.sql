begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
delete from vault.secrets where name = 'orchestrator_url';
select public.complete_turn((tests.turn('running')).id, 1, array['First', 'Second']);

-- TEST
select results_eq(
  $$ select message_id, success, error_code, error_message from tests.event('orchestrator_trigger_failed') $$,
  $$
    values (
      (tests.outbound(1)).id, false, 'SB002', 'Cannot read secret "orchestrator_url": it is not in Vault'
    )
  $$,
  'nobody was rung for the reply'
);
select results_eq(
  'select send_state, send_dispatched_at from generate_series(1, 2) as number, tests.outbound(number)',
  $$ values ('ready', null::timestamptz), ('ready', null) $$, 'it waits'
);
select tests.orchestrator();
create temp table rung as select count(*) as times from tests.rings();
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'the next sweep rings');
select ok((tests.outbound(2)).send_dispatched_at is not null, 'for all of it');

select * from finish();
rollback;
