begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
create temp table dead as select tests.kill_turn() as id;
create temp table rung as select count(*) as times from tests.rings();
create function pg_temp.new_rings() returns bigint language sql
as $$ select count(*) - (select times from rung) from tests.rings() $$;

-- TEST
select public.hand_back(tests.conversation());
select is((tests.turn('dead')).id, (select id from dead), 'giving back revives nothing');
select is(pg_temp.new_rings(), 0::bigint, 'and rings nobody');
select public.replay_turn(id) from dead;
select isnt((tests.turn('pending')).due_at, null, 'the replay is due, for the agent has the conversation');

-- The other way round: replayed while the person still has it.
select public.replay_turn(tests.kill_turn());
select is((tests.turn('pending')).due_at, null, 'a replay waits for the person');
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'human_handles', 'and no agent gets it');
select public.hand_back(tests.conversation());
select is(
  public.claim_turn(tests.conversation()) -> 'messages' -> 0 ->> 'text', 'One', 'until they give it back'
);

select * from finish();
rollback;
