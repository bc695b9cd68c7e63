begin;
select plan(5);

-- SETUP
select tests.receive('Hello');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;

-- TEST
select throws_ok(
  'select public.complete_turn((select id from turn), 1)',
  'SB003', null, 'neither is an error'
);
select throws_ok(
  $$ select public.complete_turn((select id from turn), 1, array['Hi'], 'nothing_to_say') $$,
  'SB003', null, 'both are an error'
);
select throws_ok(
  'select public.complete_turn((select id from turn), 1, null)',
  'SB003', null, 'so is no reply at all'
);
select throws_ok(
  $$ select public.complete_turn((select id from turn), 1, array['Hi', null]) $$,
  '23502', null, 'and a part that is missing'
);
select is((tests.turn('running')).id, (select id from turn), 'the turn stays with its worker');

select * from finish();
rollback;
