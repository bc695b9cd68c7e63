begin;
select plan(3);

-- SETUP
create temp table first as select * from tests.receive('Hello', signature => 'signature of tests');

-- TEST
select results_eq(
  $$
    select conversation_id, message_id, is_new_message
    from public.ingest_inbound_message(
      'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', tests.customer(), tests.business(), 'Another text',
      signature => 'signature of tests'
    )
  $$,
  $$ select conversation_id, id, false from first $$,
  'the same signed bytes, split differently, are the stored message'
);
select is(
  (select count(*) from public.cc_messages where conversation_id = tests.conversation()),
  1::bigint,
  'nothing is stored'
);
select is((tests.receive('Next')).seq, 2::bigint, 'and no number is used up');

select * from finish();
rollback;
