begin;
select plan(7);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
update public.cc_turns set created_at = clock_timestamp() - interval '6 minutes' where state = 'pending';
update public.cc_messages set created_at = clock_timestamp() - interval '6 minutes'
where conversation_id = tests.conversation();
select tests.claim();
select tests.receive('Two');
create temp table running as select (tests.turn('running')).id;

-- TEST
select is(public.hand_over(tests.conversation()), '{"outcome": "handed_over"}', 'a person takes over');
select is((tests.turn('silent')).id, (select id from running), 'the running turn ends in silence');
select is((tests.turn('silent')).silent_reason, 'handed_over', 'and says why');
select results_eq(
  $$
    select body_text from public.cc_messages
    where turn_id = (tests.turn('pending')).id and direction = 'inbound' order by seq
  $$,
  $$ values ('One'), ('Two') $$, 'its messages wait with those that came since'
);
select is((tests.turn('pending')).due_at, null, 'for a person, who has no due time');
select isnt_empty(
  $$ select from cc_private.troubles() where kind = 'customer_unanswered' $$,
  'and the wait counts from the customer''s first word'
);
select is(
  (select conversation.handler from public.cc_conversations as conversation where id = tests.conversation()),
  'human', 'a person handles now'
);

select * from finish();
rollback;
