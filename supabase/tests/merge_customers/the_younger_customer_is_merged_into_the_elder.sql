begin;
select plan(6);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
create temp table merging as select * from tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);

-- TEST
select is(
  (select conversation_id from merging), (select conversation_id from elder),
  'the message goes to the elder customer''s conversation'
);
select is(tests.customer_of('whatsapp:BR.PGTAP1'), tests.customer_of('whatsapp:+15005550101'), 'all addresses are the elder''s');
select is(
  (select customer.name from public.cc_customers as customer where customer.id = tests.customer_of('whatsapp:BR.PGTAP1')),
  'Ana', 'who keeps the name'
);
select is(
  (select count(*)::integer from public.cc_customers as customer
    where customer.merged_into = tests.customer_of('whatsapp:+15005550101') and customer.name is null),
  1, 'the younger one says who it is now, and nothing else of the person'
);
select is(
  (select count(*)::integer from public.cc_messages as message
    where message.conversation_id = (select conversation_id from younger)),
  1, 'no message moves'
);
select results_eq(
  format($$
    select event_type, output_redacted ->> 'customer_id' from public.cc_audit_logs
    where conversation_id in (%L, %L) and event_type = 'customers_merged'
  $$, (select conversation_id from elder), (select conversation_id from younger)),
  format($$ values ('customers_merged', %1$L), ('customers_merged', %1$L) $$, tests.customer_of('whatsapp:+15005550101')),
  'both conversations record it'
);

select * from finish();
rollback;
