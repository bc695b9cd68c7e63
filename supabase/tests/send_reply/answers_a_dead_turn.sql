begin;
select plan(5);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('One');
create temp table dead as select tests.kill_turn() as id;
select tests.receive('Two');
create temp table unseen as select tests.kill_turn() as id;
-- One, fallback, Two, fallback: the person had seen the first two.
select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 2, array['I am on it']);

-- TEST
select is((select public.replay_turn(id) from dead), '{"outcome": "not_dead"}', 'it has its answer');
select is((tests.turn('answered')).id, (select id from dead), 'and is no more dead');
select is((tests.outbound(3)).turn_id, (select id from dead), 'the reply is its own');
select is((tests.turn('dead')).id, (select id from unseen), 'what the person had not seen is');
select is((select public.replay_turn(id) ->> 'outcome' from unseen), 'replayed', 'and may be replayed');

select * from finish();
rollback;
