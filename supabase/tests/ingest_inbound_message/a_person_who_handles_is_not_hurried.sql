begin;
select plan(3);

-- SETUP
select tests.receive('One');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, '{}', 'handed_over');
update public.cc_conversations set handler = 'human' where id = tests.conversation();
select tests.receive('Two');
select tests.receive('Three');

-- TEST
select is((tests.turn('pending')).due_at, null, 'the turn has no due time');
select is(
  (select count(*) from public.cc_messages where turn_id = (tests.turn('pending')).id),
  2::bigint,
  'and gathers what the customer writes'
);
select is(
  public.claim_turn(tests.conversation()) ->> 'outcome',
  'human_handles',
  'no agent gets it'
);

select * from finish();
rollback;
