begin;
select plan(2);

-- SETUP
create temp table a as select * from tests.receive_as('whatsapp:+15005550101');
create temp table b as select * from tests.receive_as('whatsapp:BR.PGTAP1');
create temp table c as select * from tests.receive_as('whatsapp:BR.ENT.PGTAP1');
select tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1', 'whatsapp:BR.ENT.PGTAP1']);

-- TEST
select is(
  (select count(distinct known.customer_id)::integer from public.cc_customer_addresses as known
    where known.address in ('whatsapp:+15005550101', 'whatsapp:BR.PGTAP1', 'whatsapp:BR.ENT.PGTAP1')),
  1, 'three customers of one webhook are one'
);
select is(
  (select count(*)::integer from public.cc_conversations as conversation
    where conversation.customer_id = tests.customer_of('whatsapp:+15005550101') and conversation.status = 'active'),
  1, 'with one active conversation'
);

select * from finish();
rollback;
