begin;
select plan(2);

-- SETUP
create temp table received as select (tests.receive(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).*;
select public.ingest_inbound_message(
  'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Hello', '{"kind": "button"}',
  customer_name => 'Ana', signature => 'another'
);
select public.ingest_inbound_message(
  'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Hello', is_recovered => true
);

-- TEST
select row_eq(
  'select * from received', tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
  'neither a repeat nor the sync changes it'
);
select is((tests.event('message_recovered')).id, null, 'and nothing was recovered');

select * from finish();
rollback;
