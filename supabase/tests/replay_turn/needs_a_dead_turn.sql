begin;
select plan(4);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;

-- TEST
select public.replay_turn(id) from dead;
select is(
  (select public.replay_turn(id) from dead), '{"outcome": "not_dead"}', 'pressing twice replays once'
);
select is(
  public.replay_turn((tests.turn('pending')).id), '{"outcome": "not_dead"}', 'what waits is not replayed'
);
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, array['Hi']);
select is(
  public.replay_turn((tests.turn('answered')).id), '{"outcome": "not_dead"}',
  'an answered turn is never answered again'
);
select is(
  public.replay_turn('00000000-0000-4000-8000-000000000000'), '{"outcome": "not_dead"}', 'nor what is not there'
);

select * from finish();
rollback;
