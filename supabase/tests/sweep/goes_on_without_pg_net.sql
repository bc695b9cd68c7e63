begin;
select plan(3);

-- SETUP
select tests.orchestrator();
select tests.receive('Hello');
select tests.claim();
select tests.expire_leases();
set local client_min_messages = warning;
drop extension pg_net cascade;

-- TEST
select lives_ok('select cc_private.sweep()', 'without its doorbell the sweep goes on');
select is((tests.turn('retrying')).failure_count, 1, 'leases end all the same');
select cmp_ok(
  (select beat_at from cc_private.heartbeats where name = 'sweep'), '>', now(),
  'and it says that it ran'
);

select * from finish();
rollback;
