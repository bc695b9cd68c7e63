begin;
select plan(2);

-- SETUP
select tests.receive(tests.ask_for_code() ->> 'code');

-- TEST
select ok(tests.is_verified(), 'verified from one address');
select public.ingest_inbound_message(
  tests.next_sid(), 'whatsapp:CC.new1', tests.business(), 'From another device', '{"kind": "text"}',
  other_addresses => array[tests.customer()]
);
select ok(not tests.is_verified(), 'not from another, though it is the same conversation');

select * from finish();
rollback;
