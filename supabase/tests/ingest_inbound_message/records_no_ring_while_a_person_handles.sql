begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.hand_over(tests.conversation());
create temp table before as
select (select count(*) from tests.rings()) as rings, cardinality(tests.events()) as events;
select tests.receive('Two');
select tests.receive('Three');

-- TEST
select is((select count(*) from tests.rings()), (select rings from before), 'nobody is rung');
select is(
  (tests.events())[(select events + 1 from before):],
  array['inbound_webhook_received', 'message_persisted', 'inbound_webhook_received', 'message_persisted'],
  'and the record tells of no ring'
);
select public.hand_back(tests.conversation());
select is(
  (tests.event('orchestrator_triggered')).output_redacted ->> 'turn_id', (tests.turn('pending')).id::text,
  'but when one is made'
);

select * from finish();
rollback;
