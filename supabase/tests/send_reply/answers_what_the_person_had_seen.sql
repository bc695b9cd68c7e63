begin;
select plan(7);

-- SETUP
select tests.orchestrator();
select tests.receive('One');
select public.hand_over(tests.conversation());
select tests.receive('Two');
select tests.receive('Three');
create temp table waiting as select (tests.turn('pending')).id;
create temp table reply as
select public.send_reply('00000000-0000-4000-8000-000000000001', tests.conversation(), 3, array['Yes.', 'No.']) as answer;

-- TEST
select is((select answer ->> 'outcome' from reply), 'stored', 'the reply is stored');
select results_eq(
  $$
    select id, seq, body_text, send_state, turn_id from public.cc_messages
    where body_json ->> 'kind' = 'human' and conversation_id = tests.conversation() order by seq
  $$,
  $$
    select (answer -> 'message_ids' ->> 0)::uuid, 5::bigint, 'Yes.', 'ready', waiting.id from reply, waiting
    union all select (answer -> 'message_ids' ->> 1)::uuid, 6, 'No.', 'ready', waiting.id from reply, waiting
  $$,
  'in order, to be sent, by the turn that waited'
);
select is((tests.turn('answered')).id, (select id from waiting), 'which is answered');
select results_eq(
  $$ select body_text from public.cc_messages where turn_id = (tests.turn('pending')).id $$,
  $$ values ('Three') $$, 'what came later goes on waiting'
);
select is((tests.turn('pending')).due_at, null, 'for the person');
select is(
  (public.claim_send(tests.conversation()) ->> 'body_text'), 'A colleague will answer you here.',
  'through the same outbox, in order'
);
select public.send_reply('00000000-0000-4000-8000-000000000002', tests.conversation(), 6, array['And that.']);
select is(tests.turn('pending'), null, 'then nobody waits any more');

select * from finish();
rollback;
