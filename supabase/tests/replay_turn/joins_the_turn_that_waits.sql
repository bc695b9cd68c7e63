begin;
select plan(4);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('One');
create temp table dead as select tests.kill_turn() as id;
select tests.receive('Two');
create temp table pending as select * from tests.turn('pending');

-- TEST
select is(
  (select public.replay_turn(id) ->> 'turn_id' from dead), (select id::text from pending),
  'the turn that waits answers these messages too'
);
select is(
  (select count(*) from public.cc_turns where conversation_id = tests.conversation() and state = 'pending'),
  1::bigint, 'no second one is opened'
);
select is(
  (select array_agg(body_text order by seq) from public.cc_messages where turn_id = (select id from pending)),
  '{One, Two}', 'in order'
);
select is((tests.turn('pending')).due_at, (select due_at from pending), 'its time stays');

select * from finish();
rollback;
