begin;
select plan(3);

-- SETUP
create temp table first as
select * from tests.receive('Hello', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

-- TEST
select results_eq(
  $$
    select conversation_id, message_id, is_new_message
    from public.ingest_inbound_message(
      'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Another text'
    )
  $$,
  $$ select conversation_id, id, false from first $$,
  'the repeat names the stored message and says that it is not new'
);
select results_eq(
  $$ select body_text from public.cc_messages where conversation_id = tests.conversation() $$,
  $$ values ('Hello') $$,
  'one message is there, as it first came'
);
select is(
  (select is_new_message from public.ingest_inbound_message(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'whatsapp:+15005550111', tests.business(), 'Hello'
  )),
  false,
  'whatever else the repeat says, its id decides'
);

select * from finish();
rollback;
