begin;
select plan(5);

-- SETUP
select tests.receive('What is my balance?');
select tests.claim();
create temp table turn as select (tests.turn('running')).id;
create temp table first as
select public.begin_verification(id, 1, 'sms', '+15005550199') as begun from turn;
select public.fail_turn(id, 1, 'lease_expired') from turn;
select tests.claim();

-- TEST
select is(
  (select public.begin_verification(id, 1, 'sms', '+15005550199') ->> 'outcome' from turn), 'lease_lost',
  'the attempt that died makes none any more'
);
create temp table second as
select public.begin_verification(id, 2, 'sms', '+15005550199') as begun from turn;
select is((select begun ->> 'outcome' from second), 'asked', 'the next attempt makes a new one');
select is(
  (select public.record_code((begun ->> 'challenge_id')::uuid) ->> 'outcome' from first), 'already_recorded',
  'what is said of the older one changes nothing'
);
select is(
  (select public.record_code((begun ->> 'challenge_id')::uuid, '21211') ->> 'outcome' from second), 'recorded',
  'a sender may say that it failed'
);
select is(
  (select public.begin_verification(id, 2, 'sms', '+15005550199') ->> 'outcome' from turn), 'asked',
  'then another one is made'
);

select * from finish();
rollback;
