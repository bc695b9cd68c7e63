begin;
select plan(4);

-- SETUP
create temp table a as select * from tests.receive_as('whatsapp:+15005550101');
create temp table b as select * from tests.receive_as('whatsapp:BR.PGTAP1');
create temp table c as select * from tests.receive_as('whatsapp:BR.ENT.PGTAP1');
update public.cc_customers as customer set created_at = now() - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:BR.PGTAP1');
update public.cc_customers as customer set created_at = now() - interval '2 minutes'
where customer.id = tests.customer_of('whatsapp:BR.ENT.PGTAP1');
select tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);
select tests.receive_as('whatsapp:BR.PGTAP1', array['whatsapp:BR.ENT.PGTAP1']);

-- TEST
select is(
  (select count(*)::integer from public.cc_customers as customer
    where customer.merged_into = tests.customer_of('whatsapp:BR.ENT.PGTAP1')),
  2, 'who was merged into a merged customer is the eldest, in one step'
);
select is(tests.customer_of('whatsapp:+15005550101'), tests.customer_of('whatsapp:BR.ENT.PGTAP1'), 'and so are the addresses');
select is(
  (tests.receive_as('whatsapp:+15005550101')).conversation_id, (select conversation_id from c),
  'messages by the first address go there'
);
-- What a webhook leaves that added an address at the moment of the merge.
insert into public.cc_customer_addresses (provider, channel, address, customer_id)
select 'twilio', 'whatsapp', 'whatsapp:BR.PGTAP9', customer.id
from public.cc_customers as customer
where customer.merged_into = tests.customer_of('whatsapp:BR.ENT.PGTAP1')
limit 1;
select is(
  (tests.receive_as('whatsapp:BR.PGTAP9')).conversation_id, (select conversation_id from c),
  'also by an address that still names a merged one'
);

select * from finish();
rollback;
