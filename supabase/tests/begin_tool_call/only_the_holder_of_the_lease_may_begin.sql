begin;
select plan(4);

-- SETUP
select tests.receive('Block my card');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;

-- TEST
select is(
  (select public.begin_tool_call(id, 2, 'block_card', '{}') ->> 'outcome' from turn), 'lease_lost',
  'an attempt that nobody has'
);
select is(
  (select public.begin_tool_call(id, 1, 'block_card', '{}') ->> 'outcome' from turn), 'started',
  'the holder begins'
);
select tests.expire_leases();
select is(
  (select public.begin_tool_call(id, 1, 'block_card', '{}') ->> 'outcome' from turn), 'lease_lost',
  'whose lease has ended begins nothing, even if nobody took the turn yet'
);
select is(
  public.begin_tool_call(gen_random_uuid(), 1, 'block_card', '{}') ->> 'outcome', 'lease_lost',
  'nor does anybody begin for a turn that is none'
);

select * from finish();
rollback;
