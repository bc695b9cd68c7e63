begin;
select plan(3);

-- SETUP
select tests.alerts();
select tests.receive('Hello');

-- TEST
select public.hand_over(tests.conversation());
select is(tests.alert('person_needed'), null, 'who takes over by hand need not be called');
select public.hand_back(tests.conversation());
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, array['One moment'], hand_over_reason => 'asked');
select is(
  tests.alert('person_needed'), format('conversation %s needs a person (asked)', tests.conversation()),
  'the agent calls one, and names no customer'
);
select is((tests.event('conversation_handed_over')).actor_type, 'agent', 'and is on record with it');

select * from finish();
rollback;
