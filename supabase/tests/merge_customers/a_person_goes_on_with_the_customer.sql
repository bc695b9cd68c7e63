begin;
select plan(3);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1');
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
update public.cc_conversations as conversation
set handler = 'human'
where conversation.id = (select conversation_id from younger);
create temp table merging as
select * from tests.receive_as('whatsapp:+15005550101', array['whatsapp:BR.PGTAP1']);

-- TEST
select is(
  (select conversation_id from merging), (select conversation_id from younger),
  'who talks to a person goes on talking to that person'
);
select is(
  (select status from public.cc_conversations where id = (select conversation_id from elder)),
  'closed', 'the elder''s conversation with the agent is closed to new messages'
);
select is(
  tests.claim((select conversation_id from elder)) ->> 'outcome',
  'claimed', 'and what waits there is answered'
);

select * from finish();
rollback;
