begin;
select plan(5);

-- SETUP
create temp table stored as
select * from public.ingest_inbound_message(
  provider_message_id => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  from_address => tests.customer(),
  to_address => tests.business(),
  body_text => 'Hello',
  body_json => '{"kind": "text", "payload": {"SomethingNew": "kept"}}',
  customer_name => 'Ana',
  signature => 'signature of tests'
);

-- TEST
select ok((select is_new_message from stored), 'the message is new');
select results_eq(
  $$
    select seq, direction, provider, provider_message_id, from_address, to_address, body_text, signature, send_state
    from public.cc_messages
    where id = (select message_id from stored)
  $$,
  $$
    values (
      1::bigint, 'inbound', 'twilio', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      tests.customer(), tests.business(), 'Hello', 'signature of tests', null::text
    )
  $$,
  'it is stored as it came, as the first of its conversation'
);
select is(
  (select body_json from public.cc_messages where id = (select message_id from stored)),
  '{"kind": "text", "payload": {"SomethingNew": "kept"}}',
  'the whole payload is kept'
);
select results_eq(
  $$
    select channel, provider, status, handler, provider_conversation_id, business_address, last_seq
    from public.cc_conversations
    where id = (select conversation_id from stored)
  $$,
  $$ values ('whatsapp', 'twilio', 'active', 'agent', tests.customer(), tests.business(), 1::bigint) $$,
  'its conversation is active and the agent''s'
);
select results_eq(
  $$
    select known.provider, known.channel, known.address, customer.name
    from public.cc_customer_addresses as known
    join public.cc_customers as customer on customer.id = known.customer_id
    where known.address = tests.customer()
  $$,
  $$ values ('twilio', 'whatsapp', tests.customer(), 'Ana') $$,
  'it is from a customer with this address'
);

select * from finish();
rollback;
