begin;
select plan(1);

-- SETUP
select tests.receive('One');
select tests.claim();

-- TEST
select results_eq(
  $$ select actor_type, message_id, success, input_redacted, output_redacted from tests.event('turn_claimed') $$,
  $$
    select 'agent', null::uuid, true, '{}'::jsonb,
      jsonb_build_object('turn_id', (tests.turn('running')).id, 'attempt', 1)
  $$,
  'the record names the turn and the attempt'
);

select * from finish();
rollback;
