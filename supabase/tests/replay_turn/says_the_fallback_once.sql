begin;
select plan(4);

-- SETUP
update public.cc_settings set hand_over_dead_turns = false where id;
select tests.orchestrator();
create function pg_temp.fallbacks() returns bigint language sql
as $$
  select count(*) from public.cc_messages
  where conversation_id = tests.conversation() and body_json ->> 'kind' = 'fallback'
$$;

-- TEST
select tests.receive('Hello');
select public.replay_turn(tests.kill_turn());
select is(pg_temp.fallbacks(), 1::bigint, 'the customer was told');
create temp table dead as select tests.kill_turn() as id;
select is(pg_temp.fallbacks(), 1::bigint, 'the second death has nothing new to say');
select results_eq(
  $$ select event_type from unnest(tests.events()) as event_type where event_type = 'turn_died' $$,
  $$ values ('turn_died'), ('turn_died') $$,
  'but is recorded'
);

-- With a message that nobody apologised for it has.
select public.replay_turn(id) from dead;
select tests.receive('Anybody there?');
select tests.kill_turn();
select is(pg_temp.fallbacks(), 2::bigint, 'a later message has its own');

select * from finish();
rollback;
