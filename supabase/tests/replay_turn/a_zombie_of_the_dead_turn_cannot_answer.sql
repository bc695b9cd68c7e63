begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;
select public.replay_turn(id) from dead;
create temp table said as select count(*) as times from public.cc_messages where direction = 'outbound';

-- TEST
select is(
  (select public.complete_turn(id, 1, array['Late']) from dead), '{"outcome": "lease_lost"}',
  'its late answer is not taken'
);
select is(
  (select count(*) from public.cc_messages where direction = 'outbound'), (select times from said),
  'nothing is stored'
);
select is(
  (select public.fail_turn(id, 1, 'late') from dead), '{"outcome": "lease_lost"}', 'nor is its late failure'
);

select * from finish();
rollback;
