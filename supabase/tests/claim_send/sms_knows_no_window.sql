begin;
select plan(1);

-- SETUP
select tests.receive(customer_address => '+15005550199', business => '+15005550100', channel => 'sms');
create temp table sms as
select tests.conversation('+15005550199') as id, tests.claim(tests.conversation('+15005550199')) as claim;
select public.complete_turn((claim ->> 'turn_id')::uuid, 1, array['Hi']) from sms;
update public.cc_conversations
set last_inbound_at = now() - interval '3 days'
where id = (select id from sms);

-- TEST
select is(
  public.claim_send((select id from sms)) ->> 'outcome',
  'claimed',
  'an SMS may leave days after the customer''s last message'
);

select * from finish();
rollback;
