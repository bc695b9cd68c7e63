begin;
select plan(8);

-- SETUP
select tests.orchestrator();
select tests.alerts();
create function pg_temp.handler() returns text language sql
as $$ select handler from public.cc_conversations where id = tests.conversation() $$;
select tests.receive('One');
select tests.kill_turn();

-- TEST
select is(pg_temp.handler(), 'agent', 'by itself death calls nobody');
update public.cc_settings set hand_over_dead_turns = true, max_failures = 1 where id;
select tests.receive('Two');
select tests.claim();
select tests.receive('Three');
select tests.expire_leases();
select cc_private.expire_turn_leases();
select is(pg_temp.handler(), 'human', 'with the setting it does, also in the sweep');
select is((tests.event('conversation_handed_over')).actor_type, 'system', 'the system did it');
select is((tests.event('conversation_handed_over')).output_redacted ->> 'reason', 'turn_died', 'and says why');
select isnt(tests.alert('person_needed'), null, 'a person is called');
select is((tests.turn('pending')).due_at, null, 'what came since waits for the person');
select is(
  (select count(*) from public.cc_turns where conversation_id = tests.conversation() and state = 'dead'),
  2::bigint, 'the dead stay dead'
);
select is(
  (select array_agg(body_json ->> 'kind' order by seq) from public.cc_messages
   where conversation_id = tests.conversation() and direction = 'outbound'),
  array['fallback', 'fallback'], 'the fallback is what the customer is told'
);

select * from finish();
rollback;
