begin;
select plan(3);

-- SETUP
create temp table elder as select * from tests.receive_as('whatsapp:+15005550101', name => 'Ana');
create temp table younger as select * from tests.receive_as('whatsapp:BR.PGTAP1', name => 'Bea');
-- In one transaction all is of the same time.
update public.cc_customers as customer
set created_at = customer.created_at - interval '1 minute'
where customer.id = tests.customer_of('whatsapp:+15005550101');
create function pg_temp.reply_in(conversation uuid)
returns void
language plpgsql
as $$
declare
  claim jsonb := tests.claim(conversation);
begin
  perform public.complete_turn((claim ->> 'turn_id')::uuid, (claim ->> 'attempt')::integer, array['Hi']);
end;
$$;
select pg_temp.reply_in((select conversation_id from younger));
create temp table sent as select public.claim_send((select conversation_id from younger)) as send;
-- From now on the elder's conversation answers to the same address.
select tests.receive_as('whatsapp:BR.PGTAP1', array['whatsapp:+15005550101']);
select pg_temp.reply_in((select conversation_id from elder));

-- TEST
select is((select send ->> 'to_address' from sent), 'whatsapp:BR.PGTAP1', 'one message is on its way to the address');
select is(
  public.claim_send((select conversation_id from elder)) ->> 'outcome',
  'busy', 'so the other conversation sends none'
);
select public.record_send(
  (select (send ->> 'message_id')::uuid from sent), 1, 'handed_over', tests.next_sid(), 'queued'
);
select is(
  public.claim_send((select conversation_id from elder)) ->> 'to_address',
  'whatsapp:BR.PGTAP1', 'until that one is settled'
);

select * from finish();
rollback;
