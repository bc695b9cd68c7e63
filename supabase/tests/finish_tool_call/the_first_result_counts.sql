begin;
select plan(3);

-- SETUP
select tests.receive();
select tests.claim();
create temp table call as
select (public.begin_tool_call((tests.turn('running')).id, 1, 'open_case', '{}') ->> 'tool_call_id')::uuid as id;
-- The worker is slow: its turn is another's by now.
select tests.expire_leases();
select tests.claim();

-- TEST
select is(
  (select public.finish_tool_call(id, '{"case": 7}') -> 'result' from call), '{"case": 7}',
  'what was done is done, whoever comes to tell'
);
select is(
  (select public.finish_tool_call(id, '{"case": 8}') -> 'result' from call), '{"case": 7}',
  'a second result changes nothing, and hears the first'
);
select throws_ok(
  $$ select public.finish_tool_call(gen_random_uuid(), '{}') $$, 'SB003', null,
  'what was never begun cannot end'
);

select * from finish();
rollback;
