begin;
select plan(2);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
update public.cc_customers as customer
set remaining_messages = case when customer.id = tests.customer_of('whatsapp:BR.PGTAP1') then -3 else 15 end,
  remaining_messages_at = clock_timestamp(),
  rate_limit_notified_at = now()
where customer.id in (tests.customer_of('whatsapp:+15005550101'), tests.customer_of('whatsapp:BR.PGTAP1'));
select tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);

-- TEST
select cmp_ok(
  (select customer.remaining_messages from public.cc_customers as customer
    where customer.id = tests.customer_of('whatsapp:+15005550101')),
  '<', -3::double precision, 'the emptier bucket is the customer''s'
);
select is(
  (select count(*)::integer from public.cc_messages as message
    where message.conversation_id = (select conversation_id from elder) and message.direction = 'outbound'),
  0, 'who was told of the limit is not told again'
);

select * from finish();
rollback;
