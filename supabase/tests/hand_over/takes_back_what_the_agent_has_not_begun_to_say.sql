begin;
select plan(5);

-- SETUP
select tests.orchestrator();
select tests.reply('First', 'and more');
select tests.reply('Second');
-- The first reply is begun: one part left, the other was put off.
select public.record_send((public.claim_send(tests.conversation()) ->> 'message_id')::uuid, 1, 'handed_over', tests.next_sid());
select public.hand_over(tests.conversation());

-- TEST
select results_eq(
  $$
    select body_text, send_state, error_code from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound' order by seq
  $$,
  $$
    values ('First', 'handed_over', null), ('and more', 'ready', null),
      ('Second', 'refused', 'handed_over'), ('A colleague will answer you here.', 'ready', null)
  $$,
  'a reply begun leaves whole, another one not at all'
);
select is((tests.event('reply_refused')).error_code, 'handed_over', 'which is recorded');
select is(
  (tests.event('turn_answered')).output_redacted - 'turn_id', '{"attempt": 1, "reason": "handed_over"}',
  'as is the silence of its turn'
);
select is(
  (select count(*) from public.cc_messages where turn_id = (tests.turn('pending')).id), 1::bigint,
  'its message waits for the person'
);
select public.hand_back(tests.conversation());
select public.hand_over(tests.conversation());
select is(
  (
    select count(*) from public.cc_messages
    where conversation_id = tests.conversation() and body_json ->> 'kind' = 'hand_over' and send_state = 'ready'
  ),
  2::bigint, 'the text of a hand-over is never taken back'
);

select * from finish();
rollback;
