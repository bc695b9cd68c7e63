begin;
select plan(3);

-- SETUP
update public.cc_settings set customer_burst_messages = 1, customer_messages_per_minute = 1 where id;
select tests.receive('One'), tests.receive('Two');
select tests.receive('Hello', customer_address => 'whatsapp:+15005550111');

-- TEST
select is_empty(
  $$
    select from unnest(tests.events(tests.conversation('whatsapp:+15005550111'))) as event
    where event = 'customer_rate_limited'
  $$,
  'another customer is not limited'
);
-- Whoever closes a conversation does not fill the bucket.
select tests.close();
select tests.receive('Three');
select is(
  (select count(*) from unnest(tests.events()) as event where event = 'customer_rate_limited'),
  1::bigint, 'the limit outlives the conversation'
);
create temp table known as select * from public.cc_customers where remaining_messages < 0;
select public.ingest_inbound_message(
  (select provider_message_id from public.cc_messages where body_text = 'Three' limit 1),
  tests.customer(), tests.business(), 'Three'
);
select set_eq(
  'select id, remaining_messages from public.cc_customers where remaining_messages < 0',
  'select id, remaining_messages from known', 'a repeat takes nothing from it'
);

select * from finish();
rollback;
