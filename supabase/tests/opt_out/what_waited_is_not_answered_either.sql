begin;
select plan(5);

-- SETUP
create temp table failed as select tests.receive('One') as message;
create temp table claim as select tests.claim() as claim;
select public.fail_turn((claim ->> 'turn_id')::uuid, 1, 'model_down') from claim;
select tests.receive('Two');
select tests.receive('STOP');

-- TEST
select results_eq(
  $$
    select message.body_text, turn.state, turn.silent_reason, turn.due_at
    from public.cc_messages as message
    join public.cc_turns as turn on turn.id = message.turn_id
    where message.conversation_id = tests.conversation() and message.direction = 'inbound'
    order by message.seq
  $$,
  $$
    values ('One', 'silent', 'opted_out', null::timestamptz), ('Two', 'silent', 'opted_out', null),
      ('STOP', 'silent', 'opted_out', null)
  $$,
  'the turn to be tried again and the one that waits end in silence'
);
select is(
  (
    select count(*) from public.cc_audit_logs
    where conversation_id = tests.conversation() and event_type = 'turn_answered'
      and output_redacted ->> 'reason' = 'opted_out'
  ),
  3::bigint, 'each of them is on record'
);
select is(public.claim_turn(tests.conversation()), '{"outcome": "nothing_pending"}', 'nothing is left to do');

select tests.receive('START');
select tests.receive('Three');
create temp table working as select tests.claim() as claim;
select tests.receive('STOP');
select is(
  (select public.fail_turn((claim ->> 'turn_id')::uuid, 1, 'model_down') ->> 'outcome' from working),
  'retrying', 'a turn in work goes on'
);
select is(
  tests.claim(), '{"outcome": "nothing_pending"}', 'but is not tried again'
);

select * from finish();
rollback;
