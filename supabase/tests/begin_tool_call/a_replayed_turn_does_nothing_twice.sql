begin;
select plan(1);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.receive('Block my card');
select tests.claim();
create temp table begun as
select public.begin_tool_call((tests.turn('running')).id, 1, 'block_card', '{}') as call;
select public.finish_tool_call((call ->> 'tool_call_id')::uuid, '"done"') from begun;
select public.fail_turn((tests.turn('running')).id, 1, 'model_refused', is_final => true);
select public.replay_turn((tests.turn('dead')).id);
select tests.claim();

-- TEST
select is(
  public.begin_tool_call((tests.turn('running')).id, 1, 'block_card', '{}') ->> 'result', 'done',
  'the call belongs to the first message, which is the same in the new turn'
);

select * from finish();
rollback;
