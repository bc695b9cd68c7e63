begin;
select plan(3);

-- SETUP
select tests.receive('Hello');
select tests.claim();
create temp table answer as
select public.complete_turn((tests.turn('running')).id, 1, array['First', 'Second']) as outcome;

-- TEST
select results_eq(
  $$
    select seq, from_address, to_address, body_text, body_json, send_state, send_attempt, turn_id
    from public.cc_messages
    where conversation_id = tests.conversation() and direction = 'outbound'
    order by seq
  $$,
  $$
    select seq, tests.business(), tests.customer(), body, '{"kind": "reply"}'::jsonb, 'ready', 0,
      (tests.turn('answered')).id
    from (values (2::bigint, 'First'), (3, 'Second')) as part (seq, body)
  $$,
  'each part is a message, ready to be sent to where the customer wrote from'
);
select is(
  (select outcome from answer),
  jsonb_build_object(
    'outcome', 'answered',
    'message_ids', jsonb_build_array((tests.outbound(1)).id, (tests.outbound(2)).id)
  ),
  'the answer names them in order'
);
select results_eq(
  $$ select lease_until, due_at, finished_at >= created_at from tests.turn('answered') $$,
  $$ values (null::timestamptz, null::timestamptz, true) $$,
  'and the turn is finished'
);

select * from finish();
rollback;
