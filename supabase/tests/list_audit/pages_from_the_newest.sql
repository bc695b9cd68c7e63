begin;
select plan(4);

-- SETUP
select tests.receive('One', sid => 'SM' || repeat('a', 32));
create temp table page as select public.list_audit(tests.conversation(), maximum => 2) as newest;

-- TEST
select is(newest -> 'events' -> 0 ->> 'event_type', 'orchestrator_trigger_failed', 'the newest first') from page;
select is(
  public.list_audit(tests.conversation(), (newest ->> 'before_id')::bigint, 2) -> 'events' -> 0 ->> 'event_type',
  'inbound_webhook_received', 'then those before'
) from page;
select is(
  public.list_audit(tests.conversation(), (newest ->> 'before_id')::bigint, 2) -> 'before_id', 'null', 'and the end'
) from page;
select ok(
  (newest -> 'events' -> 0 ->> 'row')::jsonb ->> 'hash' ~ '^[0-9a-f]{64}$', 'with its hash'
) from page;

select * from finish();
rollback;
