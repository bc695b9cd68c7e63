begin;
select plan(5);

-- SETUP
create temp table first as
select * from tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1', 'whatsapp:BR.ENT.PGTAP1']);

-- TEST
select is(
  (select count(distinct known.customer_id)::integer from public.cc_customer_addresses as known
    where known.address in ('whatsapp:+15005550101', 'whatsapp:BR.PGTAP1', 'whatsapp:BR.ENT.PGTAP1')),
  1, 'three addresses of one webhook are one customer'
);
select is(
  (tests.receive_as('whatsapp:BR.PGTAP1')).conversation_id, (select conversation_id from first),
  'who writes by the other address later writes in the same conversation'
);
select is(
  (tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.ENT.PGTAP1'])).conversation_id, (select conversation_id from first),
  'and so does who writes by the phone again'
);
select is(
  (tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP2'])).conversation_id, (select conversation_id from first),
  'an address that nobody has is added'
);
select ok(
  not 'customers_merged' = any (tests.events((select conversation_id from first))),
  'where only one was known, nobody is merged'
);

select * from finish();
rollback;
