begin;
select plan(1);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;
select public.replay_turn(id) from dead;

-- TEST
select results_eq(
  $$ select actor_type, success, input_redacted, output_redacted from tests.event('turn_replayed') $$,
  $$
    select 'human', true, '{}'::jsonb,
      jsonb_build_object('turn_id', id, 'replayed_as', (tests.turn('pending')).id)
    from dead
  $$,
  'a person asked for it, and which turn does it'
);

select * from finish();
rollback;
