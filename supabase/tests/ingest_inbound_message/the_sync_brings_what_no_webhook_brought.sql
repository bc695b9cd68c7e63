begin;
select plan(4);

-- SETUP
select tests.orchestrator();
create temp table recovered as select (tests.recover(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).*;

-- TEST
select is(
  tests.events(), array['message_recovered', 'message_persisted', 'orchestrator_triggered'],
  'it is recorded as what it is: no webhook is claimed'
);
select is((tests.turn('pending')).id, (select turn_id from recovered), 'it waits for its answer like any other');
select ok(
  (select provider_created_at between now() - interval '6 minutes' and now() - interval '4 minutes' from recovered),
  'Twilio''s time is kept'
);
select is(
  (select is_new_message from public.ingest_inbound_message(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Hello', is_recovered => true
  )),
  false, 'found again it is the same message'
);

select * from finish();
rollback;
