begin;
select plan(8);

-- SETUP
create temp table asked as select tests.ask_for_code() ->> 'code' as code;
create function pg_temp.last(body text, sid text default tests.next_sid()) returns text language sql
as $$ select (tests.receive(body, sid)).body_text $$;

-- TEST
select tests.receive(left(code, 3)) from asked;
select tests.receive('One moment');
select is(pg_temp.last(right(code, 3)), '[code: part]', 'what stands between parts them') from asked;
select tests.receive('Now');

select tests.receive(left(code, 3)) from asked;
update public.cc_verifications set parts_at = parts_at - interval '2 minutes' where true;
select is(pg_temp.last(right(code, 3)), '[code: part]', 'so do two minutes') from asked;

select tests.receive('Again');
create temp table sid as select tests.next_sid() as sid;
select tests.receive('12');
select tests.receive('34', sid) from sid;
select tests.receive('34', sid) from sid;
insert into public.cc_messages (
  conversation_id, seq, turn_id, direction, provider, provider_message_id, from_address, to_address, body_text, body_json
)
select message.conversation_id, 99, message.turn_id, 'inbound', 'twilio', message.provider_message_id,
  message.from_address, message.to_address, '34', '{}'
from public.cc_messages as message, sid
where message.provider_message_id = sid.sid
on conflict do nothing;
select is(pg_temp.last('5'), '[code: part]', 'a webhook that comes again is no second piece');
select is((select wrong_count from public.cc_verifications), 0, 'so nothing was tried');

-- Whoever begins with a digit too many.
select tests.receive('Wait');
select tests.receive('5');
select tests.receive(left(code, 4)) from asked;
select is(pg_temp.last(right(code, 2)), '[code: correct]', 'the last pieces count that are a code together') from asked;
select ok(tests.is_verified(), 'and they verify');

-- Whoever is asked for the whole code, and begins anew in parts.
select cc_private.end_verification(tests.conversation(), 'test');
create temp table again as select tests.ask_for_code(again => true) ->> 'code' as code;
select tests.receive(left(code, 4)) from again;
select is(pg_temp.last(left(code, 4)), '[code: part]', 'the same piece again begins anew') from again;
select is(pg_temp.last(right(code, 2)), '[code: correct]', 'and goes on') from again;

select * from finish();
rollback;
