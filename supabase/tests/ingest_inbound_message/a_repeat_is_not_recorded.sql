begin;
select plan(1);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'signature of tests');
select tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'signature of tests');
select * from public.ingest_inbound_message(
  'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', tests.customer(), tests.business(), 'Hello',
  signature => 'signature of tests'
);

-- TEST
select is(
  tests.events(),
  '{inbound_webhook_received, message_persisted, orchestrator_triggered}',
  'only the first delivery is on record: a log line counts the others'
);

select * from finish();
rollback;
