begin;
select plan(7);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create temp table stored as
select (public.ingest_inbound_message(
  tests.next_sid(), tests.customer(), tests.business(), 'It is ' || left(code, 3) || '-' || right(code, 3) || ', thanks',
  jsonb_build_object('kind', 'text', 'media', '[]'::jsonb, 'parameters', jsonb_build_object(
    'Body', jsonb_build_array('It is ' || left(code, 3) || '-' || right(code, 3) || ', thanks'),
    'MessageSid', jsonb_build_array('SM00000000000000000000000000123456'),
    'Latitude', jsonb_build_array('49.123456')
  ))
)).message_id as id
from asked;

-- TEST
select ok(tests.is_verified(), 'the conversation is verified');
select is(
  (select body_text from public.cc_messages join stored using (id)), 'It is [code: correct], thanks',
  'what was written with it stays'
);
select is(
  (select body_json -> 'parameters' from public.cc_messages join stored using (id)),
  '{"Body": ["It is [code: correct], thanks"], "MessageSid": ["SM00000000000000000000000000123456"],
    "Latitude": ["49.123456"]}',
  'the payload is masked as well, and ids and places are left alone'
);
select is_empty(
  $$
    select entry.body
    from net.http_request_queue as entry, asked
    where convert_from(entry.body, 'UTF8') ~ (left(code, 3) || '-?' || right(code, 3))
  $$,
  'no ring has it'
);
select is(
  tests.claim() -> 'messages' -> 0 ->> 'text', 'It is [code: correct], thanks', 'and no agent'
);
select is(
  (select (event).event_type from (select tests.event('customer_verified') as event) as found), 'customer_verified',
  'it is on record'
);
update public.cc_verifications set verified_until = verified_until - interval '31 minutes' where true;
select ok(not tests.is_verified(), 'and lasts for a time');

select * from finish();
rollback;
