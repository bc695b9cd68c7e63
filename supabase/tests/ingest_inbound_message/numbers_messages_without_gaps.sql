begin;
select plan(2);

-- SETUP
select tests.receive('One', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', signature => 'signature of tests');
select tests.receive('One', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
select tests.receive('Two');
select * from public.ingest_inbound_message(
  'SMbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', tests.customer(), tests.business(), 'One',
  signature => 'signature of tests'
);
select tests.reply('Three and', 'four');
select tests.receive('Five');

-- TEST
select results_eq(
  $$ select seq from public.cc_messages where conversation_id = tests.conversation() order by seq $$,
  $$ select generate_series(1, 6)::bigint $$,
  'inbound and outbound messages count together, repeats leave no gap'
);
select is(
  (select last_seq from public.cc_conversations where id = tests.conversation()),
  6::bigint,
  'the conversation knows the newest number'
);

select * from finish();
rollback;
