begin;
select plan(6);

-- SETUP
select tests.receive('Block my card');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;
create temp table first as
select public.begin_tool_call(id, 1, 'block_card', '{"card": "gold", "why": "lost"}') as call from turn;
select public.fail_turn(id, 1, 'model_timeout') from turn;
select tests.claim();

-- TEST
select is(
  (select public.begin_tool_call(id, 2, 'block_card', '{"why": "lost", "card": "gold"}') from turn),
  (select call from first),
  'while nobody knows the result, the same call has the same idempotency key'
);
select is(
  (select public.finish_tool_call((call ->> 'tool_call_id')::uuid, '{"blocked": true}') -> 'result' from first),
  '{"blocked": true}',
  'its result is recorded'
);
select is(
  (
    select public.begin_tool_call(id, 2, 'block_card', '{"card": "gold", "why": "lost"}') - 'tool_call_id' from turn
  ),
  '{"outcome": "finished", "result": {"blocked": true}}',
  'from then on it is given instead of a second effect'
);
select is(
  (select public.begin_tool_call(id, 2, 'block_card', '{"card": "blue"}') ->> 'outcome' from turn),
  'started',
  'other arguments are another call'
);
select is(
  (select public.begin_tool_call(id, 2, 'open_case', '{"card": "blue"}') ->> 'outcome' from turn),
  'started',
  'and so is another tool'
);
select is((select count(*) from public.cc_tool_calls), 3::bigint, 'each is there once');

select * from finish();
rollback;
