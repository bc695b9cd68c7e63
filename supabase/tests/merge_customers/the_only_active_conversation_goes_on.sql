begin;
select plan(3);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
select tests.close((select conversation_id from elder));
create temp table merging as select * from tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);

-- TEST
select is(
  (select conversation_id from merging), (select conversation_id from younger),
  'where the elder has no active conversation, the younger one''s takes the message'
);
select is(
  (select customer_id from public.cc_conversations where id = (select conversation_id from younger)),
  tests.customer_of('whatsapp:+15005550101'), 'it is the elder''s now'
);
select is(
  (select count(*)::integer from public.cc_conversations
    where customer_id = tests.customer_of('whatsapp:+15005550101') and status = 'active'),
  1, 'and the only active one'
);

select * from finish();
rollback;
