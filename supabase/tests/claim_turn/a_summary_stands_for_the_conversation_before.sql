begin;
select plan(2);

-- SETUP
select tests.reply('First answer');
update public.cc_conversations set status = 'closed', created_at = now() - interval '2 days' where id = tests.conversation();
select tests.receive('New');
create temp table first_claim as select tests.claim() as answer;
select public.complete_turn((tests.turn('running')).id, 1, '{Yes}', work => '{
  "agent": "openai", "summary": {"text": "They began anew.", "up_to_seq": 1}
}');
select tests.receive('And now?');
create temp table second_claim as select tests.claim() as answer;

-- TEST
select is(
  (select jsonb_path_query_array(answer, '$.history[*].text') from first_claim), '["Hello", "First answer"]',
  'without a summary its last words are given'
);
select is(
  (select jsonb_path_query_array(answer, '$.history[*].text') from second_claim), '["Yes"]',
  'with one they are not'
);

select * from finish();
rollback;
