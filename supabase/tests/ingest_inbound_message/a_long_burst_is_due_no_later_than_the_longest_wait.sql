begin;
select plan(2);

-- SETUP
update public.cc_settings set debounce_ms = 1000, debounce_max_ms = 5000 where id;
select tests.receive('One');
update public.cc_turns
set created_at = now() - interval '4.5 seconds'
where conversation_id = tests.conversation();
select tests.receive('Two');

-- TEST
select is(
  (tests.turn('pending')).due_at,
  (tests.turn('pending')).created_at + interval '5 seconds',
  'a turn is due at the latest so long after it was opened'
);
update public.cc_turns
set created_at = now() - interval '20 seconds'
where conversation_id = tests.conversation();
select tests.receive('Three');
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'claimed',
  'a message to a turn that has waited longer does not hold it back'
);

select * from finish();
rollback;
