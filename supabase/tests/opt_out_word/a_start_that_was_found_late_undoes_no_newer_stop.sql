begin;
select plan(3);

-- SETUP
select tests.receive('STOP');
select tests.recover('START', '5 minutes', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

-- TEST
select ok(cc_private.is_opted_out(tests.conversation()), 'the customer has gone since');
select is(
  (select silent_reason from public.cc_turns where id = (tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).turn_id),
  'overtaken', 'its turn says why nothing happened'
);
select is(
  (select count(*) from public.cc_messages where conversation_id = tests.conversation() and direction = 'outbound'),
  1::bigint, 'the STOP alone is confirmed'
);

select * from finish();
rollback;
