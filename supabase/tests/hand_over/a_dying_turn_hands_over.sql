begin;
select plan(9);

-- SETUP
select tests.orchestrator();
select tests.alerts();
update public.cc_settings set max_failures = 1 where id;
select tests.receive('One');
select tests.claim();
select tests.receive('Two');
select tests.expire_leases();
select cc_private.expire_turn_leases();

-- TEST
select is(
  (select handler from public.cc_conversations where id = tests.conversation()), 'human',
  'who got no answer has a person, also when the sweep finds it'
);
select is((tests.event('conversation_handed_over')).actor_type, 'system', 'the system did it');
select is((tests.event('conversation_handed_over')).output_redacted ->> 'reason', 'turn_died', 'and says why');
select is(
  tests.alert('turn_died'),
  format(
    'turn %s died after 1 failures (lease_expired); conversation %s needs a person',
    (tests.turn('dead')).id, tests.conversation()
  ),
  'a person is called'
);
select is(tests.alert('person_needed'), null, 'once, not twice for one death');
select is((tests.turn('pending')).due_at, null, 'what came since waits for the person');
select is(
  (select array_agg(body_json ->> 'kind' order by seq) from public.cc_messages
   where conversation_id = tests.conversation() and direction = 'outbound'),
  array['fallback'], 'the fallback is what the customer is told, and all of it'
);
select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 9, array['I am on it']);
select is(
  (select array_agg(distinct state) from public.cc_turns where conversation_id = tests.conversation()),
  '{answered}', 'the person answers the dead turn and the waiting one'
);

-- Who wants it otherwise.
update public.cc_settings set hand_over_dead_turns = false where id;
select public.hand_back(tests.conversation());
select tests.receive('Three');
select tests.kill_turn();
select is(
  (select handler from public.cc_conversations where id = tests.conversation()), 'agent',
  'with the setting off death calls nobody'
);

select * from finish();
rollback;
