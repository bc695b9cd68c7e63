begin;
select plan(7);

-- SETUP
select tests.recover(sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
create function pg_temp.webhook(name text, signature text) returns boolean language sql
as $$
  select is_new_message from public.ingest_inbound_message(
    'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'Hello',
    jsonb_build_object('kind', 'button', 'media', '[]'::jsonb, 'parameters', jsonb_build_object('ButtonText', name)),
    customer_name => name, signature => webhook.signature
  )
$$;
create function pg_temp.row() returns public.cc_messages language sql
as $$ select tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') $$;

-- TEST
select is(pg_temp.webhook('Ana', 'first'), false, 'the message was there');
select is((pg_temp.row()).body_json ->> 'kind', 'button', 'the webhook tells what it really was');
select is((pg_temp.row()).signature, 'first', 'and signs it');
select is(
  (select name from public.cc_customers where id = (
    select customer_id from public.cc_conversations where id = tests.conversation()
  )),
  'Ana', 'and names who wrote'
);
select is((select count(*) from public.cc_turns where conversation_id = tests.conversation()), 1::bigint, 'it is answered by one turn');
create temp table completed as select (pg_temp.row()).*;
create temp table recorded as select tests.events() as events;
select pg_temp.webhook('Bia', 'second');
select row_eq('select * from completed', pg_temp.row(), 'a second webhook writes nothing');
select is(tests.events(), (select events from recorded), 'and records nothing');

select * from finish();
rollback;
