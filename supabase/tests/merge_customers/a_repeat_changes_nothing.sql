begin;
select plan(3);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
create temp table merging as
select * from tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1'], sid => 'SM' || repeat('c', 32));
create temp table before as
select (select count(*) from public.cc_audit_logs) as audited, tests.customer_of('whatsapp:BR.PGTAP1') as customer_id;

-- TEST
select lives_ok(
  $$ select tests.read_only('select tests.receive_as(
    ''whatsapp:+15005550101'', array[''whatsapp:BR.PGTAP1''], sid => ''SM'' || repeat(''c'', 32)
  )') $$,
  'the same webhook again writes nothing and locks nothing'
);
select is((select count(*) from public.cc_audit_logs), (select audited from before), 'nor does it record anything');
select tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);
select ok(
  (select count(*) from public.cc_audit_logs where event_type = 'customers_merged'
    and conversation_id in ((select conversation_id from elder), (select conversation_id from younger))) = 2,
  'and who is merged is not merged again'
);

select * from finish();
rollback;
