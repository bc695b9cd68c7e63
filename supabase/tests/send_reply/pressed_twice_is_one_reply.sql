begin;
select plan(4);

-- SETUP
select tests.receive('One');
create function pg_temp.press(id uuid, conversation uuid default tests.conversation()) returns jsonb language sql
as $$ select public.send_reply(press.id, conversation, 1, array['Yes.', 'No.']) $$;
create temp table first as select pg_temp.press('00000000-0000-4000-8000-000000000001') as answer;

-- TEST
select is(
  pg_temp.press('00000000-0000-4000-8000-000000000001'),
  (select answer || '{"outcome": "already_stored"}' from first), 'a repeat gives back what was stored'
);
select is(
  (select count(*) from public.cc_messages where conversation_id = tests.conversation() and direction = 'outbound'),
  2::bigint, 'and stores nothing'
);
select throws_ok(
  $$ select pg_temp.press((select id from public.cc_messages where body_text = 'One' limit 1)) $$,
  'SB003', null, 'the id of another message is a mistake'
);
select tests.receive('Hello', customer_address => 'whatsapp:+15005550198');
select throws_ok(
  $$ select pg_temp.press('00000000-0000-4000-8000-000000000001', tests.conversation('whatsapp:+15005550198')) $$,
  'SB003', null, 'so is that of a reply elsewhere'
);

select * from finish();
rollback;
