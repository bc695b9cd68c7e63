begin;
select plan(4);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
select tests.receive('Hello');
create temp table dead as select tests.kill_turn() as id;
select cc_private.store_outbound_messages(tests.conversation(), null, 'human', array['I am on it']);

-- TEST
select is(
  (select public.replay_turn(id) from dead), '{"outcome": "answered_by_person"}', 'the agent would say it again'
);
select is((tests.turn('dead')).id, (select id from dead), 'the turn stays as it is');

-- A later message is another matter.
select tests.receive('And this?');
create temp table later as select tests.kill_turn() as id;
select is((select public.replay_turn(id) ->> 'outcome' from later), 'replayed', 'a person answered earlier ones');
select is(
  (select public.replay_turn(id) from dead), '{"outcome": "answered_by_person"}', 'and those stay answered'
);

select * from finish();
rollback;
