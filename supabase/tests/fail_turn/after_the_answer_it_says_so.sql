begin;
select plan(3);

-- SETUP
select tests.reply('Hi');

-- TEST
select is(
  public.fail_turn((tests.turn('answered')).id, 1, 'timed_out'),
  '{"outcome": "already_answered"}',
  'a worker that lost the answer to its answer learns that it counted'
);
select is((tests.turn('answered')).failure_count, 0, 'the turn stays answered');
select is(
  public.fail_turn('00000000-0000-4000-8000-000000000000', 1, 'timed_out'),
  '{"outcome": "lease_lost"}',
  'of a turn that is not there nothing can be said'
);

select * from finish();
rollback;
