begin;
select plan(2);

-- SETUP
select tests.receive('One');
select tests.receive('Two');

-- TEST
select lives_ok(
  'set constraints all immediate',
  'the references that are only checked at commit hold'
);
select is(
  (select count(*) from public.cc_messages where turn_id = (tests.turn('pending')).id),
  2::bigint,
  'both messages name the turn that was opened'
);

select * from finish();
rollback;
