begin;
select plan(2);

-- SETUP
select tests.recover('No more!', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
select public.ingest_inbound_message(
  'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', tests.customer(), tests.business(), 'No more!',
  '{"kind": "text", "media": [], "parameters": {"OptOutType": "STOP"}}', signature => 'late'
);

-- TEST
select ok(cc_private.is_opted_out(tests.conversation()), 'Twilio''s list did not tell, its webhook does');
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'nothing_pending', 'nobody answers it any more');

select * from finish();
rollback;
