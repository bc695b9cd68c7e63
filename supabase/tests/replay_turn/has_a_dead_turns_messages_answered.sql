begin;
select plan(5);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('One');
select tests.receive('Two');
create temp table dead as select tests.kill_turn() as id;
create temp table rung as select count(*) as times from tests.rings();
create temp table outcome as select public.replay_turn(id) as answer from dead;

-- TEST
select is(
  (select answer from outcome),
  jsonb_build_object('outcome', 'replayed', 'turn_id', (tests.turn('pending')).id),
  'another turn does it'
);
select is((tests.turn('replayed')).id, (select id from dead), 'the dead one is marked');
select is((select count(*) from tests.rings()), (select times + 1 from rung), 'the orchestrator is rung');
select is(
  (
    select array_agg(message ->> 'text' order by (message ->> 'seq')::integer)
    from jsonb_array_elements(public.claim_turn(tests.conversation()) -> 'messages') as message
  ),
  '{One, Two}',
  'the agent gets the messages at once'
);
select is(
  public.complete_turn((tests.turn('running')).id, 1, array['Hi']) ->> 'outcome', 'answered', 'and answers'
);

select * from finish();
rollback;
