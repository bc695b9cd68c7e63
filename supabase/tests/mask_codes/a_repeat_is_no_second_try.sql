begin;
select plan(2);

-- SETUP
create temp table asked as select tests.another_code(tests.ask_for_code() ->> 'code') as code;
create temp table sid as select tests.next_sid() as sid;
select tests.receive(code, sid => sid) from asked, sid;

-- TEST
select tests.receive(code, sid => sid) from asked, sid;
select is((select wrong_count from public.cc_verifications), 1, 'a webhook that comes again is no second try');
-- As when two come at the same moment: the row is made, and the index refuses it.
insert into public.cc_messages (
  conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address, body_text, body_json
)
select message.conversation_id, 99, message.turn_id, 'inbound', 'twilio', message.provider_message_id,
  message.from_address, message.to_address, asked.code, '{}'
from public.cc_messages as message, asked, sid
where message.provider_message_id = sid.sid
on conflict do nothing;
select is((select wrong_count from public.cc_verifications), 1, 'nor is one that only the index stops');

select * from finish();
rollback;
