begin;
select plan(3);

-- SETUP
select tests.recover('Open?', sid => 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', is_answered => true);

-- TEST
select is(
  (select silent_reason from public.cc_turns where id = (tests.message('SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).turn_id),
  'answered_elsewhere', 'its turn is silent, with the reason'
);
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'nothing_pending', 'no agent gets it');
select is(
  tests.events(), array['message_recovered', 'message_persisted', 'turn_answered'], 'all of it is on record'
);

select * from finish();
rollback;
