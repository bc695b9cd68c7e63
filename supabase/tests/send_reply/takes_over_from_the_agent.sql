begin;
select plan(6);

-- SETUP
select tests.orchestrator();
select tests.alerts();
select tests.reply('I am the agent');
select tests.receive('Two');
select tests.claim();
select tests.receive('Three');
create temp table running as select (tests.turn('running')).id;
select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 4, array['I am a person']);

-- TEST
select is(
  public.complete_turn((select id from running), 1, array['And I am not']),
  '{"outcome": "silent", "message_ids": []}', 'the agent at work has nothing to say any more'
);
select results_eq(
  $$
    select body_text, send_state from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound' order by seq
  $$,
  $$ values ('I am the agent', 'refused'), ('I am a person', 'ready') $$,
  'nor had it before; the person''s words are the only ones'
);
select is(tests.turn('pending'), null, 'they answer all that was seen');
select tests.receive('Four');
select is(public.claim_turn(tests.conversation()) ->> 'outcome', 'human_handles', 'and the next is theirs too');
select is(
  (tests.event('conversation_handed_over')).output_redacted ->> 'reason', 'person_wrote', 'it is on record'
);
select is(tests.alert('person_needed'), null, 'nobody is called');

select * from finish();
rollback;
