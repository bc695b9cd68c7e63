begin;
select plan(6);

-- SETUP
select tests.receive('Hello');
select tests.claim();

-- TEST
select throws_ok(
  format('select public.complete_turn(%L, 1, %L)', (tests.turn('running')).id, parts),
  'SB003', null, 'Twilio would refuse ' || parts::text
)
from (values (array['']), (array['Hi', ' ']), (array[E'\t', 'Hi']), (array['Hi', E' \r\n', 'Bye'])) as reply (parts);
select isnt(tests.turn('running'), null, 'the turn stays with its worker');
select is(tests.outbound(1), null, 'nothing is stored');

select * from finish();
rollback;
