begin;
select plan(3);

-- SETUP
select tests.receive('Hello', signature => 'signature of tests');
select * from public.ingest_inbound_message(
  'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'whatsapp:+15005550111', tests.business(), 'Hello',
  signature => 'signature of tests'
);
select * from public.ingest_inbound_message(
  'SMcccccccccccccccccccccccccccccccc', tests.customer(), 'whatsapp:+15005550666', 'Hello',
  signature => 'signature of tests'
);

-- TEST
select is_empty(
  $$ select from public.cc_customer_addresses where address = 'whatsapp:+15005550111' $$,
  'it makes no customer'
);
select is(tests.conversation('whatsapp:+15005550111'), null, 'it opens no conversation');
select is(
  (select business_address from public.cc_conversations where id = tests.conversation()),
  tests.business(),
  'it does not turn replies away to another address'
);

select * from finish();
rollback;
