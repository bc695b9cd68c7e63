begin;
select plan(4);

-- SETUP
select tests.reply('Hi');
select tests.receive('And now?');
select tests.claim();
select public.complete_turn((tests.turn('running')).id, 1, '{Good}', work => '{
  "agent": "openai", "summary": {"text": "They said hello.", "up_to_seq": 2}
}');
select tests.receive('Really?');
create temp table claim as select tests.claim() as answer;

-- TEST
select is((select answer ->> 'summary' from claim), 'They said hello.', 'the agent is given it');
select is(
  (select jsonb_path_query_array(answer, '$.history[*].text') from claim), '["And now?", "Good"]',
  'with the messages after it'
);
select public.fail_turn((tests.turn('running')).id, 1, 'model_timeout', work => '{
  "agent": "openai", "summary": {"text": "An older one", "up_to_seq": 1}
}');
select is(
  (select summary from public.cc_conversations where id = tests.conversation()), 'They said hello.',
  'an older summary does not take a newer one''s place'
);
select tests.claim();
select public.fail_turn((tests.turn('running')).id, 2, 'model_timeout', work => '{
  "agent": "openai", "summary": {"text": "From the future", "up_to_seq": 99}
}');
select is(
  (select summary_seq from public.cc_conversations where id = tests.conversation()), 2::bigint,
  'nor does one of messages that are not there'
);

select * from finish();
rollback;
