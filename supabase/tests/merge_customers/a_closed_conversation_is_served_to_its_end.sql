begin;
select plan(6);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
select tests.receive_as('whatsapp:BR.PGTAP1', array['whatsapp:+15005550101']);
create temp table claim as select tests.claim((select conversation_id from younger)) as turn;

-- TEST
select is(
  (select status from public.cc_conversations where id = (select conversation_id from younger)),
  'closed', 'of two active conversations the younger is closed'
);
select is((select turn ->> 'outcome' from claim), 'claimed', 'its turn is claimed all the same');
select is(
  public.complete_turn(
    (select (turn ->> 'turn_id')::uuid from claim), (select (turn ->> 'attempt')::integer from claim), array['Hi']
  ) ->> 'outcome',
  'answered', 'and answered'
);
create temp table sent as
select public.claim_send((select conversation_id from younger)) as send;
select is((select send ->> 'to_address' from sent), 'whatsapp:BR.PGTAP1', 'the answer leaves to the address that asked');
select is(
  public.record_send(
    (select (send ->> 'message_id')::uuid from sent), 1, 'handed_over', tests.next_sid(), 'queued'
  ) ->> 'outcome',
  'recorded', 'is recorded'
);
select is(
  public.claim_turn((select conversation_id from younger)) ->> 'outcome',
  'nothing_pending', 'and then nothing is open there'
);

select * from finish();
rollback;
