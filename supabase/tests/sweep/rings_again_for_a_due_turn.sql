begin;
select plan(4);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.due();
select tests.rung(interval '31 seconds');
create temp table before as select * from tests.turn('pending');

-- TEST
select cc_private.dispatch_due();
select results_eq(
  $$ select ring ->> 'conversationId', ring ->> 'messageId' from tests.rings() as ring offset 1 $$,
  $$ values (tests.conversation()::text, null) $$,
  'the orchestrator is rung once more'
);
select cmp_ok(
  (tests.turn('pending')).dispatched_at, '>', (select dispatched_at from before),
  'the turn knows when'
);
select is(
  (tests.event('orchestrator_triggered')).output_redacted ->> 'turn_id',
  (tests.turn('pending')).id::text,
  'the record knows for what'
);
select cc_private.dispatch_due();
select is((select count(*) from tests.rings()), 2::bigint, 'the next sweep waits for what comes of it');

select * from finish();
rollback;
