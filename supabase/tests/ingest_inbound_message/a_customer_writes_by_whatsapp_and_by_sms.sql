begin;
select plan(2);

-- SETUP
create temp table whatsapp as select * from tests.receive('Hello');
create temp table sms as
select * from tests.receive('Hello', customer_address => '+15005550199', business => '+15005550100', channel => 'sms');

-- TEST
select isnt(
  (select conversation_id from sms), (select conversation_id from whatsapp),
  'each channel has a conversation of its own'
);
select is(
  (select channel from public.cc_conversations where id = (select conversation_id from sms)),
  'sms',
  'which knows its channel'
);

select * from finish();
rollback;
