begin;
select plan(4);

-- SETUP
select tests.receive('START');
select tests.recover('STOP', '5 minutes', 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

-- TEST
select ok(not cc_private.is_opted_out(tests.conversation()), 'the customer has come back since');
select is(
  (select silent_reason from public.cc_turns where id = (tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).turn_id),
  'overtaken', 'its turn says why nothing happened'
);
select tests.recover('STOP', '-1 second');
select ok(cc_private.is_opted_out(tests.conversation()), 'a STOP after the START counts');
select is((tests.event('customer_opted_out')).output_redacted ->> 'reason', 'keyword', 'as any STOP does');

select * from finish();
rollback;
